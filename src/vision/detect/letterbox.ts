import { interleaveYuv, splitPlanes } from '../colour.ts';
import type { SmallPicture } from '../frame.ts';
import type { Image, RgbImage, YuvImage } from '../image.ts';
import { checkImage } from '../image-check.ts';
import { type AxisPlan, planAxis, planRows, type ResampleMethod } from './plan-axis.ts';
import { resamplePlane } from './resample.ts';

export type Size = Readonly<{ width: number; height: number }>;

/** Where a picture lies in the input, the level (0–255) around it, and how it shrinks: as the network's training had it. */
export type LetterboxStyle = Readonly<{ place: 'centre' | 'top-left'; padding: number; resample: ResampleMethod }>;

/** What the project's own detector was trained with, and what cameras make their small pictures with. */
export const OWN_STYLE: LetterboxStyle = { place: 'top-left', padding: 114, resample: 'area' };

/** A used buffer of that many bytes, if there is one. */
export type Lend = (bytes: number) => Uint8Array | undefined;

type Plan = Readonly<{
  key: string;
  columns: AxisPlan;
  rows: AxisPlan;
  chromaColumns: AxisPlan;
  chromaRows: AxisPlan;
  scratch: Uint16Array;
  planes: Uint8Array;
}>;

/**
 * Fits pictures into the detector's input. Keeps the coefficient tables
 * of the last size, so one instance a camera is best.
 */
export class Letterbox {
  readonly #style: LetterboxStyle;
  readonly #lend: Lend;
  #plan: Plan | undefined;

  /** `lend` may bring used buffers for the pictures: a new one costs a third of the fitting. */
  constructor(style: LetterboxStyle = OWN_STYLE, lend: Lend = () => undefined) {
    this.#style = style;
    this.#lend = lend;
  }

  /**
   * A packed RGB picture of `size` that belongs to the caller, with the scale and offsets that lead back to `image`. It fills
   * `size` unless a smaller `scale` is given.
   */
  fit(image: Image, size: Size, scale: number = fillScale(image, size)): SmallPicture {
    checkImage(image);
    const inner = {
      width: Math.max(1, Math.min(size.width, Math.round(image.width * scale))),
      height: Math.max(1, Math.min(size.height, Math.round(image.height * scale))),
    };
    const plan = this.#planFor(image, inner);
    const bytes = size.width * size.height * 3;
    const data = this.#lend(bytes) ?? new Uint8Array(bytes);
    const isCentred = this.#style.place === 'centre';
    const offsetX = isCentred ? (size.width - inner.width) >> 1 : 0;
    const offsetY = isCentred ? (size.height - inner.height) >> 1 : 0;
    const target = { data, offset: (offsetY * size.width + offsetX) * 3, stride: size.width * 3 };
    padAround(target, inner, this.#style.padding);
    if (image.kind === 'rgb24') fitRgb(image, plan, target);
    else fitYuv(image, plan, target);
    return { image: { kind: 'rgb24', width: size.width, height: size.height, data }, scale, offsetX, offsetY };
  }

  #planFor(image: Image, inner: Size): Plan {
    const key = `${image.kind} ${image.width}×${image.height} ${inner.width}×${inner.height}`;
    if (this.#plan?.key === key) return this.#plan;
    const { resample } = this.#style;
    this.#plan = {
      key,
      columns: planAxis(image.width, inner.width, resample),
      rows: planRows(image.height, inner.height, resample),
      chromaColumns: planAxis((image.width + 1) >> 1, inner.width, resample),
      chromaRows: planRows((image.height + 1) >> 1, inner.height, resample),
      scratch: new Uint16Array(image.width * 3 + 1),
      planes: new Uint8Array(image.kind === 'rgb24' ? 0 : inner.width * inner.height * 3),
    };
    return this.#plan;
  }
}

/** The scale at which a picture fills a size. */
export function fillScale(picture: Size, size: Size): number {
  return Math.min(size.width / picture.width, size.height / picture.height);
}

type Target = Readonly<{ data: Uint8Array; offset: number; stride: number }>;

/** Fills all but a picture of these sides that lies at the target's offset. */
function padAround({ data, offset, stride }: Target, { width, height }: Size, padding: number): void {
  const gap = stride - width * 3;
  data.fill(padding, 0, offset);
  for (let y = 0; y < height && gap > 0; y += 1) {
    const end = offset + y * stride + width * 3;
    data.fill(padding, end, end + gap);
  }
  data.fill(padding, offset + height * stride);
}

function fitRgb(image: RgbImage, { columns, rows, scratch }: Plan, target: Target): void {
  const where = { target: target.data, targetOffset: target.offset, targetStride: target.stride };
  resamplePlane({ source: image.data, channels: 3, columns, rows, scratch, ...where });
}

function fitYuv(image: YuvImage, plan: Plan, target: Target): void {
  const source = splitPlanes(image);
  const width = plan.columns.target;
  const height = plan.rows.target;
  const area = width * height;
  const { scratch, planes } = plan;
  const to = { channels: 1, target: planes, targetStride: width, scratch } as const;
  const chroma = { columns: plan.chromaColumns, rows: plan.chromaRows };
  resamplePlane({ ...to, source: source.y, columns: plan.columns, rows: plan.rows, targetOffset: 0 });
  resamplePlane({ ...to, source: source.u, ...chroma, targetOffset: area });
  resamplePlane({ ...to, source: source.v, ...chroma, targetOffset: 2 * area });
  const views = { y: planes.subarray(0, area), u: planes.subarray(area, 2 * area), v: planes.subarray(2 * area) };
  const fitted = { width, height, ...views, chromaShift: 0, fullRange: image.fullRange ?? false } as const;
  interleaveYuv(fitted, target.data, target.offset, target.stride);
}

/**
 * A picture whose number of pixels would change by less than this factor is not scaled. Scaling costs a third of the network's time, and
 * of 262 plates in photographs that would have grown by up to 1.6, one more was read without it.
 */
const LEAST_GROWTH = 1.6;
const LEAST_SHRINKING = 1.1;

/**
 * The input size, in multiples of `step`, that shows a picture of this shape largest within the pixel budget of `model`, and the
 * scale of the picture there: a square picture is not wasted on a wide input. No side grows beyond twice the model's longer one. A
 * picture close to the budget is not scaled at all.
 */
export function chooseInputSize(picture: Size, model: Size, step = 32): Size & Readonly<{ scale: number }> {
  const budget = model.width * model.height;
  const longest = 2 * Math.max(model.width, model.height);
  let best: Size = model;
  let bestScale = fillScale(picture, model);
  for (let width = step; width <= longest; width += step) {
    const height = Math.min(longest, Math.floor(budget / width / step) * step);
    if (height < step) break;
    const scale = fillScale(picture, { width, height });
    if (scale > bestScale * 1.001) {
      bestScale = scale;
      best = { width, height };
    }
  }
  const round = (pixels: number) => Math.max(1, Math.ceil(Math.round(pixels) / step)) * step;
  const growth = bestScale * bestScale;
  if (growth < LEAST_GROWTH && growth > 1 / LEAST_SHRINKING) {
    return { width: round(picture.width), height: round(picture.height), scale: 1 };
  }
  const width = Math.min(best.width, round(picture.width * bestScale));
  const height = Math.min(best.height, round(picture.height * bestScale));
  return { width, height, scale: fillScale(picture, { width, height }) };
}
