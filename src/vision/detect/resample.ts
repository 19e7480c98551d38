import { halvePlane } from './halve.ts';

/** Fixed-point one of the weights below; two passes of it and a byte stay under 2³¹. */
const ONE = 2048;
const SHIFT = 22;
const HALF = 1 << (SHIFT - 1);

/** For each target sample along one axis: the first source sample, how many, and their weights (sum 2048, row stride `taps`). */
export type AxisPlan = Readonly<{
  source: number;
  target: number;
  taps: number;
  starts: Int32Array;
  counts: Int32Array;
  weights: Int32Array;
}>;

/** How pictures shrink: by the average of all that a pixel covers, or between the two nearest as OpenCV's INTER_LINEAR does. */
export type ResampleMethod = 'area' | 'bilinear';

/** Plans one axis: `method` when shrinking, bilinear (pixel centres at halves) when growing. */
export function planAxis(source: number, target: number, method: ResampleMethod = 'area'): AxisPlan {
  const scale = source / target;
  const covers = scale > 1 && method === 'area';
  const taps = covers ? Math.ceil(scale) + 1 : 2;
  const plan = {
    source,
    target,
    taps,
    starts: new Int32Array(target),
    counts: new Int32Array(target),
    weights: new Int32Array(target * taps),
  };
  for (let i = 0; i < target; i += 1) {
    const reals = covers
      ? coverSamples(i * scale, (i + 1) * scale, source)
      : mixNeighbours((i + 0.5) * scale - 0.5, source);
    plan.starts[i] = reals.start;
    plan.counts[i] = reals.weights.length;
    plan.weights.set(roundWeights(reals.weights), i * taps);
  }
  return plan;
}

type Taps = Readonly<{ start: number; weights: readonly number[] }>;

function coverSamples(from: number, to: number, size: number): Taps {
  const start = Math.min(size - 1, Math.floor(from + 1e-9));
  const end = Math.max(start + 1, Math.min(size, Math.ceil(to - 1e-9)));
  const weights: number[] = [];
  for (let k = start; k < end; k += 1) weights.push((Math.min(k + 1, to) - Math.max(k, from)) / (to - from));
  return { start, weights };
}

function mixNeighbours(position: number, size: number): Taps {
  const at = Math.min(size - 1, Math.max(0, position));
  const start = Math.floor(at);
  const fraction = at - start;
  return fraction === 0 || start + 1 >= size ? { start, weights: [1] } : { start, weights: [1 - fraction, fraction] };
}

function roundWeights(reals: readonly number[]): number[] {
  const weights = reals.map((real) => Math.round(real * ONE));
  const rest = ONE - weights.reduce((sum, weight) => sum + weight, 0);
  weights[weights.indexOf(Math.max(...weights))] += rest;
  return weights;
}

/** One plane (or packed picture) to be resampled, and where the result goes; strides in bytes. */
export type Resampling = Readonly<{
  source: Uint8Array;
  channels: 1 | 3;
  columns: AxisPlan;
  rows: AxisPlan;
  target: Uint8Array;
  targetOffset: number;
  targetStride: number;
  /** Scratch of at least `columns.source × channels`. */
  scratch: Int32Array;
}>;

/** Resamples rows first, then columns, in integers. Exact halving and copying take short cuts with the same result ±1. */
export function resamplePlane(job: Resampling): void {
  const { columns, rows } = job;
  if (columns.source === columns.target && rows.source === rows.target) copyRows(job);
  else if (columns.source === 2 * columns.target && rows.source === 2 * rows.target)
    halvePlane({ ...job, width: columns.target, height: rows.target });
  else {
    for (let y = 0; y < rows.target; y += 1) {
      blendRows(job, y);
      if (job.channels === 3) blendColumnsRgb(job, y);
      else blendColumnsGrey(job, y);
    }
  }
}

function copyRows({ source, channels, columns, rows, target, targetOffset, targetStride }: Resampling): void {
  const length = columns.source * channels;
  for (let y = 0; y < rows.target; y += 1) {
    target.set(source.subarray(y * length, (y + 1) * length), targetOffset + y * targetStride);
  }
}

function blendRows({ source, channels, columns, rows, scratch }: Resampling, y: number): void {
  const length = columns.source * channels;
  const weightAt = y * rows.taps;
  let from = rows.starts[y] * length;
  const first = rows.weights[weightAt];
  if (rows.counts[y] === 2) {
    const second = rows.weights[weightAt + 1];
    for (let i = 0; i < length; i += 1) scratch[i] = first * source[from + i] + second * source[from + length + i];
    return;
  }
  if (rows.counts[y] === 3) {
    const second = rows.weights[weightAt + 1];
    const third = rows.weights[weightAt + 2];
    const next = from + length;
    const last = next + length;
    for (let i = 0; i < length; i += 1)
      scratch[i] = first * source[from + i] + second * source[next + i] + third * source[last + i];
    return;
  }
  for (let i = 0; i < length; i += 1) scratch[i] = first * source[from + i];
  for (let k = 1; k < rows.counts[y]; k += 1) {
    from += length;
    const weight = rows.weights[weightAt + k];
    for (let i = 0; i < length; i += 1) scratch[i] += weight * source[from + i];
  }
}

function blendColumnsRgb({ columns, target, targetOffset, targetStride, scratch }: Resampling, y: number): void {
  const { starts, counts, weights, taps } = columns;
  let at = targetOffset + y * targetStride;
  for (let x = 0; x < columns.target; x += 1, at += 3) {
    let from = starts[x] * 3;
    let r = HALF;
    let g = HALF;
    let b = HALF;
    const end = x * taps + counts[x];
    for (let k = x * taps; k < end; k += 1, from += 3) {
      const weight = weights[k];
      r += weight * scratch[from];
      g += weight * scratch[from + 1];
      b += weight * scratch[from + 2];
    }
    target[at] = r >> SHIFT;
    target[at + 1] = g >> SHIFT;
    target[at + 2] = b >> SHIFT;
  }
}

function blendColumnsGrey({ columns, target, targetOffset, targetStride, scratch }: Resampling, y: number): void {
  const { starts, counts, weights, taps } = columns;
  const at = targetOffset + y * targetStride;
  for (let x = 0; x < columns.target; x += 1) {
    let sum = HALF;
    const end = x * taps + counts[x];
    for (let k = x * taps, from = starts[x]; k < end; k += 1, from += 1) sum += weights[k] * scratch[from];
    target[at + x] = sum >> SHIFT;
  }
}
