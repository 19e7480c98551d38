import type { Quad } from '../box.ts';
import { getYuvCoefficients, splitPlanes } from '../colour.ts';
import { AlprError } from '../errors.ts';
import { measureQuad } from '../geometry.ts';
import type { Image, RgbImage, YuvImage } from '../image.ts';

/** Most samples averaged along one axis for one target pixel: enough for plates eight times the target's size. */
const MOST_SAMPLES = 8;

/** Where a packed RGB crop goes: `width × height` pixels from `offset` bytes on. */
type RectifyTarget = Readonly<{ data: Uint8Array; offset: number; width: number; height: number }>;

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
    throw new AlprError(
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
function rectify(image: Image, corners: Quad, target: RectifyTarget): void {
  const map = findHomography(corners);
  const size = measureQuad(corners);
  const nx = countSamples(size.width / target.width);
  const ny = countSamples(size.height / target.height);
  const row: SampleRow = {
    xs: new Float64Array(target.width * nx),
    ys: new Float64Array(target.width * nx),
    nx,
    sums: new Float64Array(target.width * 3),
  };
  const addRow = image.kind === 'rgb24' ? bindRgb(image) : bindYuv(image);
  const share = 1 / (nx * ny);
  for (let y = 0; y < target.height; y += 1) {
    row.sums.fill(0);
    for (let j = 0; j < ny; j += 1) {
      placeSamples(map, (y + (j + 0.5) / ny) / target.height, row);
      addRow(row);
    }
    const at = target.offset + y * target.width * 3;
    for (let i = 0; i < row.sums.length; i += 1) target.data[at + i] = row.sums[i] * share + 0.5;
  }
}

function countSamples(ratio: number): number {
  return Math.min(MOST_SAMPLES, Math.max(1, Math.round(ratio)));
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

/** Source positions of one row of samples, `nx` for each target pixel, and the sums of R, G and B per target pixel. */
type SampleRow = Readonly<{ xs: Float64Array; ys: Float64Array; nx: number; sums: Float64Array }>;

function placeSamples(map: Homography, v: number, { xs, ys }: SampleRow): void {
  const { a, d, g } = map;
  const top = map.b * v + map.c;
  const left = map.e * v + map.f;
  const depth = map.h * v + 1;
  const step = 1 / xs.length;
  for (let i = 0; i < xs.length; i += 1) {
    const u = (i + 0.5) * step;
    const w = 1 / (g * u + depth);
    // Pixel centres lie at halves.
    xs[i] = (a * u + top) * w - 0.5;
    ys[i] = (d * u + left) * w - 0.5;
  }
}

function bindRgb({ data, width, height }: RgbImage): (row: SampleRow) => void {
  const right = width - 1;
  const bottom = height - 1;
  return ({ xs, ys, nx, sums }) => {
    for (let i = 0; i < xs.length; i += 1) {
      const x = Math.min(right, Math.max(0, xs[i]));
      const y = Math.min(bottom, Math.max(0, ys[i]));
      const x0 = x | 0;
      const y0 = y | 0;
      const fx = x - x0;
      const fy = y - y0;
      const a = (y0 * width + x0) * 3;
      const b = x0 < right ? a + 3 : a;
      const down = y0 < bottom ? width * 3 : 0;
      const w11 = fx * fy;
      const w01 = fx - w11;
      const w10 = fy - w11;
      const w00 = 1 - fx - w10;
      const at = nx === 1 ? i * 3 : ((i / nx) | 0) * 3;
      sums[at] += w00 * data[a] + w01 * data[b] + w10 * data[a + down] + w11 * data[b + down];
      sums[at + 1] += w00 * data[a + 1] + w01 * data[b + 1] + w10 * data[a + down + 1] + w11 * data[b + down + 1];
      sums[at + 2] += w00 * data[a + 2] + w01 * data[b + 2] + w10 * data[a + down + 2] + w11 * data[b + down + 2];
    }
  };
}

function bindYuv(image: YuvImage): (row: SampleRow) => void {
  const { y: luma, u: chromaU, v: chromaV } = splitPlanes(image);
  const { width, height } = image;
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  const k = getYuvCoefficients(image.fullRange ?? false);
  const [scale, rv, gu, gv, bu] = [k.luma, k.rv, k.gu, k.gv, k.bu].map((value) => value / 65536);
  return ({ xs, ys, nx, sums }) => {
    for (let i = 0; i < xs.length; i += 1) {
      const c = scale * (sampleBilinear(luma, width, height, xs[i], ys[i]) - k.black);
      // Chroma samples sit between two luma columns and rows.
      const x = (xs[i] - 0.5) / 2;
      const y = (ys[i] - 0.5) / 2;
      const cu = sampleBilinear(chromaU, halfWidth, halfHeight, x, y) - 128;
      const cv = sampleBilinear(chromaV, halfWidth, halfHeight, x, y) - 128;
      const at = nx === 1 ? i * 3 : ((i / nx) | 0) * 3;
      sums[at] += clampByte(c + rv * cv);
      sums[at + 1] += clampByte(c + gu * cu + gv * cv);
      sums[at + 2] += clampByte(c + bu * cu);
    }
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
