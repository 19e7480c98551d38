import { bindRows } from './blend-rows.ts';
import { halvePlane } from './halve.ts';
import { type AxisPlan, COLUMN_ONE, ROW_ONE } from './plan-axis.ts';

/** Takes the weights of both passes off again, rounded. */
const SHIFT = Math.log2(COLUMN_ONE * ROW_ONE);
const HALF = 1 << (SHIFT - 1);

/** One plane (or packed picture) to be resampled, and where the result goes; strides in bytes. */
export type Resampling = Readonly<{
  source: Uint8Array;
  channels: 1 | 3;
  columns: AxisPlan;
  rows: AxisPlan;
  target: Uint8Array;
  targetOffset: number;
  targetStride: number;
  /** Scratch of at least `columns.source × channels`, and of whole pairs. */
  scratch: Uint16Array;
}>;

/** Resamples rows first, then columns, in integers. Exact halving and copying take short cuts with the same result ±1. */
export function resamplePlane(job: Resampling): void {
  const { columns, rows } = job;
  if (columns.source === columns.target && rows.source === rows.target) copyRows(job);
  else if (columns.source === 2 * columns.target && rows.source === 2 * rows.target)
    halvePlane({ ...job, width: columns.target, height: rows.target });
  else {
    const { source, scratch } = job;
    const blendRows = bindRows({ source, length: columns.source * job.channels, rows, scratch });
    for (let y = 0; y < rows.target; y += 1) {
      blendRows(y);
      if (job.channels === 3 && columns.taps <= FEW) blendFewColumnsRgb(job, y);
      else if (job.channels === 3) blendColumnsRgb(job, y);
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

/** Down to half the width a pixel is blended of no more than these: without a loop it takes two thirds of the time. */
const FEW = 3;

function blendFewColumnsRgb({ columns, target, targetOffset, targetStride, scratch }: Resampling, y: number): void {
  const { starts, counts, weights, taps } = columns;
  let at = targetOffset + y * targetStride;
  for (let x = 0, k = 0; x < columns.target; x += 1, k += taps, at += 3) {
    const from = starts[x] * 3;
    const first = weights[k];
    const second = weights[k + 1];
    const next = counts[x] > 1 ? from + 3 : from;
    let r = HALF + first * scratch[from] + second * scratch[next];
    let g = HALF + first * scratch[from + 1] + second * scratch[next + 1];
    let b = HALF + first * scratch[from + 2] + second * scratch[next + 2];
    if (counts[x] === FEW) {
      const third = weights[k + 2];
      r += third * scratch[from + 6];
      g += third * scratch[from + 7];
      b += third * scratch[from + 8];
    }
    target[at] = r >> SHIFT;
    target[at + 1] = g >> SHIFT;
    target[at + 2] = b >> SHIFT;
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
