import type { View } from './projection.ts';
import { drawScene } from './scene-art.ts';
import { renderSprite } from './sprite.ts';

const STEPS = 64;

/** The empty road as yuv420p, in any light. */
export interface Scene {
  /** Bytes of the picture at `daylight` 0–1; valid until the next call. */
  at(daylight: number): Uint8Array;
}

/** Renders the road once by day and once by night; other light is a blend of the two, in 64 steps. */
export async function renderScene(view: View, seed: number): Promise<Scene> {
  const day = await renderYuv(drawScene(view, false, seed), view);
  const night = await renderYuv(drawScene(view, true, seed), view);
  const blended = new Uint8Array(day.length);
  let current = -1;
  return {
    at(daylight) {
      const step = Math.round(daylight * STEPS);
      if (step === STEPS) return day;
      if (step === 0) return night;
      if (step !== current) {
        for (let i = 0; i < blended.length; i++)
          blended[i] = ((day[i] ?? 0) * step + (night[i] ?? 0) * (STEPS - step)) / STEPS;
        current = step;
      }
      return blended;
    },
  };
}

async function renderYuv(svg: string, { width, height }: View): Promise<Uint8Array> {
  const [full] = await renderSprite(svg, { width, height, blur: 0.7 });
  const chromaWidth = (width + 1) >> 1;
  const chromaHeight = (height + 1) >> 1;
  const yuv = new Uint8Array(width * height + 2 * chromaWidth * chromaHeight);
  yuv.set(full.y);
  for (let row = 0, at = width * height; row < chromaHeight; row++) {
    for (let column = 0; column < chromaWidth; column++, at++) {
      yuv[at] = full.u[row * 2 * width + column * 2] ?? 0;
      yuv[at + chromaWidth * chromaHeight] = full.v[row * 2 * width + column * 2] ?? 0;
    }
  }
  return yuv;
}
