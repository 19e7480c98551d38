import { interleaveYuv, splitPlanes } from '../colour.ts';
import type { SmallPicture } from '../frame.ts';
import type { Image, RgbImage, YuvImage } from '../image.ts';
import { checkImage } from '../image-check.ts';
import { type AxisPlan, planAxis, resamplePlane } from './resample.ts';

export type Size = Readonly<{ width: number; height: number }>;

/** The grey that fills what the picture does not cover; the detector was trained with it. */
const PADDING = 114;

type Plan = Readonly<{
  key: string;
  columns: AxisPlan;
  rows: AxisPlan;
  chromaColumns: AxisPlan;
  chromaRows: AxisPlan;
  scratch: Int32Array;
  planes: Uint8Array;
}>;

/**
 * Fits pictures into the detector's input: area average when shrinking, bilinear when growing, at the top left, grey
 * below or to the right. Keeps the coefficient tables of the last size, so one instance a camera is best.
 */
export class Letterbox {
  #plan: Plan | undefined;

  /** A fresh packed RGB picture of `size`, with the scale and offsets that lead back to `image`. */
  fit(image: Image, size: Size): SmallPicture {
    checkImage(image);
    const scale = Math.min(size.width / image.width, size.height / image.height);
    const inner = {
      width: Math.max(1, Math.min(size.width, Math.round(image.width * scale))),
      height: Math.max(1, Math.min(size.height, Math.round(image.height * scale))),
    };
    const plan = this.#planFor(image, inner);
    const data = new Uint8Array(size.width * size.height * 3);
    fillPadding(data, inner, size);
    if (image.kind === 'rgb24') fitRgb(image, plan, data, size);
    else fitYuv(image, plan, data, size);
    return { image: { kind: 'rgb24', ...size, data }, scale, offsetX: 0, offsetY: 0 };
  }

  #planFor(image: Image, inner: Size): Plan {
    const key = `${image.kind} ${image.width}×${image.height} ${inner.width}×${inner.height}`;
    if (this.#plan?.key === key) return this.#plan;
    this.#plan = {
      key,
      columns: planAxis(image.width, inner.width),
      rows: planAxis(image.height, inner.height),
      chromaColumns: planAxis((image.width + 1) >> 1, inner.width),
      chromaRows: planAxis((image.height + 1) >> 1, inner.height),
      scratch: new Int32Array(image.width * 3),
      planes: new Uint8Array(image.kind === 'rgb24' ? 0 : inner.width * inner.height * 3),
    };
    return this.#plan;
  }
}

function fillPadding(data: Uint8Array, inner: Size, size: Size): void {
  if (inner.width < size.width) {
    for (let y = 0; y < inner.height; y += 1)
      data.fill(PADDING, (y * size.width + inner.width) * 3, (y + 1) * size.width * 3);
  }
  data.fill(PADDING, inner.height * size.width * 3);
}

function fitRgb(image: RgbImage, { columns, rows, scratch }: Plan, target: Uint8Array, size: Size): void {
  const where = { target, targetOffset: 0, targetStride: size.width * 3 };
  resamplePlane({ source: image.data, channels: 3, columns, rows, scratch, ...where });
}

function fitYuv(image: YuvImage, plan: Plan, target: Uint8Array, size: Size): void {
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
  interleaveYuv(
    { width, height, ...views, chromaShift: 0, fullRange: image.fullRange ?? false },
    target,
    0,
    size.width * 3,
  );
}

/**
 * The input size, in multiples of `step`, that shows a picture of this shape largest within the pixel budget of `model`:
 * a square picture is not wasted on a wide input. No side grows beyond twice the model's longer one.
 */
export function chooseInputSize(picture: Size, model: Size, step = 32): Size {
  const budget = model.width * model.height;
  const longest = 2 * Math.max(model.width, model.height);
  let best: Size = model;
  let bestScale = Math.min(model.width / picture.width, model.height / picture.height);
  for (let width = step; width <= longest; width += step) {
    const height = Math.min(longest, Math.floor(budget / width / step) * step);
    if (height < step) break;
    const scale = Math.min(width / picture.width, height / picture.height);
    if (scale > bestScale * 1.001) {
      bestScale = scale;
      best = { width, height };
    }
  }
  const round = (pixels: number, limit: number) =>
    Math.min(limit, Math.max(1, Math.ceil(Math.round(pixels) / step)) * step);
  return {
    width: round(picture.width * bestScale, best.width),
    height: round(picture.height * bestScale, best.height),
  };
}
