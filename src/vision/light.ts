import { splitPlanes } from './colour.ts';
import type { Image, RgbImage, YuvImage } from './image.ts';

/** By what light a picture was taken. */
export type Light = 'day' | 'night';

/** Mean brightness of a picture, and mean distance of its pixels from grey; levels of 255. */
export type Brightness = Readonly<{ luma: number; colour: number }>;

/** Below this much colour a picture is that of an infrared camera, which sees none. The greyest of 120 pictures by day has 2.4. */
const GREY = 1.5;
/**
 * Mean brightness below which a picture with colours was taken by lamps. Chosen by eye on public pictures of roads: by night most are
 * darker, by day nearly none but those that a dark car fills.
 */
const DARK = 65;

/** Pixels looked at in each direction. */
const COLUMNS = 32;
const ROWS = 18;
const CELLS = COLUMNS * ROWS;

/** Measures a picture by a grid of its pixels. */
export function measureBrightness(image: Image): Brightness {
  return image.kind === 'rgb24' ? measureRgb(image) : measureYuv(image);
}

/** Tells the light of a passage by the mean of its pictures. */
export class LightMeter {
  #luma = 0;
  #colour = 0;
  #count = 0;

  add({ luma, colour }: Brightness): void {
    this.#luma += luma;
    this.#colour += colour;
    this.#count += 1;
  }

  /** Takes over what another one saw. */
  absorb(other: LightMeter): void {
    this.#luma += other.#luma;
    this.#colour += other.#colour;
    this.#count += other.#count;
  }

  /** Day where it saw no picture. */
  get light(): Light {
    return this.#count > 0 && (this.#colour < GREY * this.#count || this.#luma < DARK * this.#count) ? 'night' : 'day';
  }
}

function measureRgb({ data, width, height }: RgbImage): Brightness {
  let [luma, colour] = [0, 0];
  for (let cell = 0; cell < CELLS; cell += 1) {
    const at = (rowOf(cell, height) * width + columnOf(cell, width)) * 3;
    const r = data[at];
    const g = data[at + 1];
    const b = data[at + 2];
    luma += 0.299 * r + 0.587 * g + 0.114 * b;
    colour += Math.max(r, g, b) - Math.min(r, g, b);
  }
  return { luma: luma / CELLS, colour: colour / CELLS };
}

/** By BT.601; in limited range levels 16 to 235 of luma, and 16 to 240 of colour, stand for all 256. */
function measureYuv(image: YuvImage): Brightness {
  const { y: planeY, u, v } = splitPlanes(image);
  const { width, height, fullRange } = image;
  const stride = (width + 1) >> 1;
  let [luma, colour] = [0, 0];
  for (let cell = 0; cell < CELLS; cell += 1) {
    const [x, y] = [columnOf(cell, width), rowOf(cell, height)];
    const at = (y >> 1) * stride + (x >> 1);
    const cb = u[at] - 128;
    const cr = v[at] - 128;
    // What red, green and blue differ from luma by.
    const r = 1.402 * cr;
    const g = -0.344 * cb - 0.714 * cr;
    const b = 1.772 * cb;
    luma += planeY[y * width + x];
    colour += Math.max(r, g, b) - Math.min(r, g, b);
  }
  const mean = { luma: luma / CELLS, colour: colour / CELLS };
  return fullRange ? mean : { luma: (255 / 219) * (mean.luma - 16), colour: (255 / 224) * mean.colour };
}

function columnOf(cell: number, width: number): number {
  return Math.floor((((cell % COLUMNS) + 0.5) * width) / COLUMNS);
}

function rowOf(cell: number, height: number): number {
  return Math.floor(((Math.floor(cell / COLUMNS) + 0.5) * height) / ROWS);
}
