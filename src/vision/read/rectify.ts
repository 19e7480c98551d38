import type { Quad } from '../box.ts';
import { getYuvCoefficients, splitPlanes } from '../colour.ts';
import { measureQuad } from '../geometry.ts';
import type { Image, RgbImage, YuvImage } from '../image.ts';
import { VisionError } from '../vision-error.ts';

/** Most samples averaged along one axis for one target pixel: enough for plates eight times the target's size. */
const MOST_SAMPLES = 8;

/** Where a packed RGB crop goes: `width × height` pixels from `offset` bytes on. */
export type RectifyTarget = Readonly<{ data: Uint8Array; offset: number; width: number; height: number }>;

/** Coefficients of `x = (a·u + b·v + c) / (g·u + h·v + 1)`, `y = (d·u + e·v + f) / (…)`, from the unit square to a quadrilateral. */
export type Homography = Readonly<Record<'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h', number>>;

/** The projective map of the unit square onto four corners (Heckbert, Fundamentals of Texture Mapping, 1989, §2.2.3). */
export function findHomography([p0, p1, p2, p3]: Quad): Homography {
  const sx = p0.x - p1.x + p2.x - p3.x;
  const sy = p0.y - p1.y + p2.y - p3.y;
  const dx1 = p1.x - p2.x;
  const dx2 = p3.x - p2.x;
  const dy1 = p1.y - p2.y;
  const dy2 = p3.y - p2.y;
  const determinant = dx1 * dy2 - dx2 * dy1;
  if (!Number.isFinite(determinant) || Math.abs(determinant) < 1e-9) {
    throw new VisionError(
      'INPUT_INVALID',
      'The corners of a plate must span an area, but three of them lie on one line.',
    );
  }
  const g = (sx * dy2 - dx2 * sy) / determinant;
  const h = (dx1 * sy - sx * dy1) / determinant;
  return {
    a: p1.x - p0.x + g * p1.x,
    b: p3.x - p0.x + h * p3.x,
    c: p0.x,
    d: p1.y - p0.y + g * p1.y,
    e: p3.y - p0.y + h * p3.y,
    f: p0.y,
    g,
    h,
  };
}

/**
 * Warps the quadrilateral onto an upright packed RGB picture, straight from either layout. Bilinear; where a target pixel
 * covers more than one and a half source pixels it averages a grid of samples (low-pass). Outside the picture the edge goes on.
 */
export function rectify(image: Image, corners: Quad, target: RectifyTarget): void {
  const map = findHomography(corners);
  const size = measureQuad(corners);
  const grid = {
    nx: Math.min(MOST_SAMPLES, Math.max(1, Math.round(size.width / target.width))),
    ny: Math.min(MOST_SAMPLES, Math.max(1, Math.round(size.height / target.height))),
  };
  const sample = image.kind === 'rgb24' ? bindRgb(image) : bindYuv(image);
  const sum = new Float64Array(3);
  const share = 1 / (grid.nx * grid.ny);
  for (let y = 0; y < target.height; y += 1) {
    for (let x = 0; x < target.width; x += 1) {
      sum.fill(0);
      addSamples(map, { x, y, width: target.width, height: target.height, ...grid }, sample, sum);
      const at = target.offset + (y * target.width + x) * 3;
      target.data[at] = sum[0] * share + 0.5;
      target.data[at + 1] = sum[1] * share + 0.5;
      target.data[at + 2] = sum[2] * share + 0.5;
    }
  }
}

/** The same as {@link rectify} into a new picture. */
export function rectifyToImage(
  image: Image,
  corners: Quad,
  size: Readonly<{ width: number; height: number }>,
): RgbImage {
  const data = new Uint8Array(size.width * size.height * 3);
  rectify(image, corners, { data, offset: 0, ...size });
  return { kind: 'rgb24', width: size.width, height: size.height, data };
}

type Sampler = (x: number, y: number, sum: Float64Array) => void;
type Cell = Readonly<{ x: number; y: number; width: number; height: number; nx: number; ny: number }>;

function addSamples(map: Homography, cell: Cell, sample: Sampler, sum: Float64Array): void {
  for (let j = 0; j < cell.ny; j += 1) {
    const v = (cell.y + (j + 0.5) / cell.ny) / cell.height;
    for (let i = 0; i < cell.nx; i += 1) {
      const u = (cell.x + (i + 0.5) / cell.nx) / cell.width;
      const w = 1 / (map.g * u + map.h * v + 1);
      // Pixel centres lie at halves.
      sample((map.a * u + map.b * v + map.c) * w - 0.5, (map.d * u + map.e * v + map.f) * w - 0.5, sum);
    }
  }
}

function bindRgb({ data, width, height }: RgbImage): Sampler {
  const right = width - 1;
  const bottom = height - 1;
  return (x, y, sum) => {
    const cx = x > 0 ? (x < right ? x : right) : 0;
    const cy = y > 0 ? (y < bottom ? y : bottom) : 0;
    const x0 = cx | 0;
    const y0 = cy | 0;
    const fx = cx - x0;
    const fy = cy - y0;
    const upper = (y0 * width + x0) * 3;
    const step = x0 < right ? 3 : 0;
    const lower = y0 < bottom ? upper + width * 3 : upper;
    const w00 = (1 - fx) * (1 - fy);
    const w01 = fx * (1 - fy);
    const w10 = (1 - fx) * fy;
    const w11 = fx * fy;
    sum[0] += w00 * data[upper] + w01 * data[upper + step] + w10 * data[lower] + w11 * data[lower + step];
    sum[1] +=
      w00 * data[upper + 1] + w01 * data[upper + step + 1] + w10 * data[lower + 1] + w11 * data[lower + step + 1];
    sum[2] +=
      w00 * data[upper + 2] + w01 * data[upper + step + 2] + w10 * data[lower + 2] + w11 * data[lower + step + 2];
  };
}

function bindYuv(image: YuvImage): Sampler {
  const { y: luma, u: chromaU, v: chromaV } = splitPlanes(image);
  const { width, height } = image;
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  const k = getYuvCoefficients(image.fullRange ?? false);
  const [scale, rv, gu, gv, bu] = [k.luma, k.rv, k.gu, k.gv, k.bu].map((value) => value / 65536);
  return (x, y, sum) => {
    const c = scale * (sampleBilinear(luma, width, height, x, y) - k.black);
    // Chroma samples sit between two luma columns and rows.
    const cx = (x - 0.5) / 2;
    const cy = (y - 0.5) / 2;
    const cu = sampleBilinear(chromaU, halfWidth, halfHeight, cx, cy) - 128;
    const cv = sampleBilinear(chromaV, halfWidth, halfHeight, cx, cy) - 128;
    sum[0] += clampByte(c + rv * cv);
    sum[1] += clampByte(c + gu * cu + gv * cv);
    sum[2] += clampByte(c + bu * cu);
  };
}

function sampleBilinear(plane: Uint8Array, width: number, height: number, x: number, y: number): number {
  const right = width - 1;
  const bottom = height - 1;
  const cx = x > 0 ? (x < right ? x : right) : 0;
  const cy = y > 0 ? (y < bottom ? y : bottom) : 0;
  const x0 = cx | 0;
  const y0 = cy | 0;
  const fx = cx - x0;
  const fy = cy - y0;
  const upper = y0 * width + x0;
  const step = x0 < right ? 1 : 0;
  const lower = y0 < bottom ? upper + width : upper;
  const above = plane[upper] + fx * (plane[upper + step] - plane[upper]);
  const below = plane[lower] + fx * (plane[lower + step] - plane[lower]);
  return above + fy * (below - above);
}

function clampByte(value: number): number {
  return value > 0 ? (value < 255 ? value : 255) : 0;
}
