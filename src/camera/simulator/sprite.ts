import { renderRgba } from '../raster.ts';

/** One size of a drawing: Y, U, V multiplied by the opacity, and the opacity, a byte each per pixel. */
type Level = Readonly<{ width: number; height: number; y: Uint8Array; u: Uint8Array; v: Uint8Array; a: Uint8Array }>;

/** A drawing at full size and successive halves, ready to be painted at any smaller size. */
export type Sprite = readonly [Level, ...Level[]];

/** Planes of a yuv420p picture, written in place. */
export type Canvas = Readonly<{ width: number; height: number; y: Uint8Array; u: Uint8Array; v: Uint8Array }>;

/** The planes of yuv420p bytes, as views. */
export function splitCanvas(data: Uint8Array, width: number, height: number): Canvas {
  const luma = width * height;
  const chroma = ((width + 1) >> 1) * ((height + 1) >> 1);
  return {
    width,
    height,
    y: data.subarray(0, luma),
    u: data.subarray(luma, luma + chroma),
    v: data.subarray(luma + chroma, luma + 2 * chroma),
  };
}

/** Renders SVG to a sprite of the given size, softened by a blur of `blur` pixels. */
export async function renderSprite(
  drawing: string,
  size: Readonly<{ width: number; height: number; blur?: number }>,
): Promise<Sprite> {
  const width = Math.max(4, Math.round(size.width));
  const height = Math.max(4, Math.round(size.height));
  let last = fromRgba(await renderRgba(Buffer.from(drawing), { ...size, width, height }), width, height);
  const levels: [Level, ...Level[]] = [last];
  while (last.width > 12 && last.height > 12) {
    last = halve(last);
    levels.push(last);
  }
  return levels;
}

/** BT.601 limited range from packed RGB with opacity. */
function fromRgba(data: Uint8Array, width: number, height: number): Level {
  const level = emptyLevel(width, height);
  for (let i = 0, at = 0; i < width * height; i++, at += 4) {
    const [red = 0, green = 0, blue = 0, opacity = 0] = [data[at], data[at + 1], data[at + 2], data[at + 3]];
    const alpha = opacity / 255;
    level.y[i] = (16 + 0.257 * red + 0.504 * green + 0.098 * blue) * alpha + 0.5;
    level.u[i] = (128 - 0.148 * red - 0.291 * green + 0.439 * blue) * alpha + 0.5;
    level.v[i] = (128 + 0.439 * red - 0.368 * green - 0.071 * blue) * alpha + 0.5;
    level.a[i] = opacity;
  }
  return level;
}

function emptyLevel(width: number, height: number): Level {
  const plane = () => new Uint8Array(width * height);
  return { width, height, y: plane(), u: plane(), v: plane(), a: plane() };
}

function halve(from: Level): Level {
  const to = emptyLevel(from.width >> 1, from.height >> 1);
  for (const name of ['y', 'u', 'v', 'a'] as const) {
    const source = from[name];
    const target = to[name];
    for (let row = 0, at = 0; row < to.height; row++) {
      for (let column = 0; column < to.width; column++, at++) {
        const i = row * 2 * from.width + column * 2;
        const upper = (source[i] ?? 0) + (source[i + 1] ?? 0);
        const lower = (source[i + from.width] ?? 0) + (source[i + from.width + 1] ?? 0);
        target[at] = (upper + lower + 2) >> 2;
      }
    }
  }
  return to;
}

/** Where a sprite goes, in pixels of the picture, how bright it is (1 = as drawn) and how opaque (0 = invisible). */
export type Placement = Readonly<{
  left: number;
  top: number;
  width: number;
  height: number;
  light: number;
  solid: number;
}>;

/** Paints a sprite with bilinear sampling, clipped to the picture. */
export function paintSprite(canvas: Canvas, sprite: Sprite, place: Placement): void {
  const half = {
    left: place.left / 2,
    top: place.top / 2,
    width: place.width / 2,
    height: place.height / 2,
    light: place.light,
    solid: place.solid,
  };
  const level = chooseLevel(sprite, place.width);
  paintPlane({ target: canvas.y, width: canvas.width, height: canvas.height, level, source: level.y, place, base: 16 });
  const size = { width: (canvas.width + 1) >> 1, height: (canvas.height + 1) >> 1 };
  const coarse = chooseLevel(sprite, half.width);
  const faded = { ...half, light: Math.min(1, 0.35 + 0.65 * place.light) };
  paintPlane({ target: canvas.u, ...size, level: coarse, source: coarse.u, place: faded, base: 128 });
  paintPlane({ target: canvas.v, ...size, level: coarse, source: coarse.v, place: faded, base: 128 });
}

function chooseLevel(sprite: Sprite, width: number): Level {
  return sprite.findLast((level) => level.width >= width) ?? sprite[0];
}

type Job = Readonly<{
  target: Uint8Array;
  width: number;
  height: number;
  level: Level;
  source: Uint8Array;
  place: Placement;
  base: number;
}>;

function paintPlane({ target, width, height, level, source, place, base }: Job): void {
  const x0 = Math.max(0, Math.ceil(place.left - 0.5));
  const x1 = Math.min(width - 1, Math.floor(place.left + place.width - 0.5));
  const y0 = Math.max(0, Math.ceil(place.top - 0.5));
  const y1 = Math.min(height - 1, Math.floor(place.top + place.height - 0.5));
  const stepX = level.width / place.width;
  const stepY = level.height / place.height;
  const alpha = level.a;
  const light = (place.light * place.solid) / 65536;
  const dark = ((1 - place.light) * place.solid * base) / 65536 / 255;
  const cover = place.solid / 65536 / 255;
  for (let y = y0; y <= y1; y++) {
    const fromY = Math.max(0, Math.min(level.height - 1.001, (y + 0.5 - place.top) * stepY - 0.5));
    const row = fromY | 0;
    const fy = ((fromY - row) * 256) | 0;
    for (let x = x0, at = y * width + x0; x <= x1; x++, at++) {
      const fromX = Math.max(0, Math.min(level.width - 1.001, (x + 0.5 - place.left) * stepX - 0.5));
      const column = fromX | 0;
      const fx = ((fromX - column) * 256) | 0;
      const i = row * level.width + column;
      const j = i + level.width;
      const opacity = blend(alpha, { i, j, fx, fy });
      if (opacity < 65536) continue;
      const value = blend(source, { i, j, fx, fy });
      target[at] = value * light + opacity * dark + (target[at] ?? 0) * (1 - opacity * cover);
    }
  }
}

type Sample = Readonly<{ i: number; j: number; fx: number; fy: number }>;

/** Between the two pixels from `i` and the two from `j` below them, by shares of 1/256; a byte becomes 65,536 times itself. */
function blend(plane: Uint8Array, { i, j, fx, fy }: Sample): number {
  const upper = (plane[i] ?? 0) * (256 - fx) + (plane[i + 1] ?? 0) * fx;
  const lower = (plane[j] ?? 0) * (256 - fx) + (plane[j + 1] ?? 0) * fx;
  return upper * (256 - fy) + lower * fy;
}
