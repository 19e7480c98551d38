import { readFileSync } from 'node:fs';
import type { RgbImage, YuvImage } from '../../src/vision/image.ts';

type Pair = [number, number];
type Resized = { source: Pair; target: Pair; pixels: number[] };
type Warped = Resized & { corners: [Pair, Pair, Pair, Pair] };

/** What OpenCV answered for pictures painted by {@link paintWaves}. */
export const opencv: { shrink: Resized; shrinkBilinear: Resized; halve: Resized; grow: Resized; warp: Warped[] } =
  JSON.parse(readFileSync(new URL('./reference/pixels.json', import.meta.url), 'utf8'));

/** The smooth picture of `reference/make_pixels.py`. */
export function paintWaves(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 1) {
    const c = i % 3;
    const x = ((i - c) / 3) % width;
    const y = Math.floor(i / 3 / width);
    data[i] = Math.floor(128 + 60 * Math.sin(x / 5 + c) + 50 * Math.cos(y / 4 - c) + 10 * Math.sin((x + y) / 3) + 0.5);
  }
  return { kind: 'rgb24', width, height, data };
}

/** One colour everywhere. */
export function paintRgb(width: number, height: number, [r, g, b]: readonly [number, number, number]): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.set([r, g, b], i);
  return { kind: 'rgb24', width, height, data };
}

/** One colour everywhere, 4:2:0. */
export function paintYuv(width: number, height: number, [y, u, v]: readonly [number, number, number]): YuvImage {
  const chroma = ((width + 1) >> 1) * ((height + 1) >> 1);
  const data = new Uint8Array(width * height + 2 * chroma).fill(y, 0, width * height);
  data.fill(u, width * height, width * height + chroma).fill(v, width * height + chroma);
  return { kind: 'yuv420p', width, height, data };
}

/** Largest difference of two byte rows. */
export function findLargestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = Math.abs(a.length - b.length);
  for (let i = 0; i < a.length; i += 1) most = Math.max(most, Math.abs((a[i] ?? 0) - (b[i] ?? 0)));
  return most;
}
