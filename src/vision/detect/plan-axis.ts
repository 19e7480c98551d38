/** Fixed-point one of the weights of rows, which are blended first: two bytes times it fit into a word beside each other. */
export const ROW_ONE = 256;
/** The same of columns: with the weights of rows and a byte it stays under 2³¹. */
export const COLUMN_ONE = 2048;

/** For each target sample along one axis: the first source sample, how many, and their weights (sum 2048, of rows 256; row stride `taps`). */
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

/** Plans the rows of a picture, which are blended first. */
export function planRows(source: number, target: number, method?: ResampleMethod): AxisPlan {
  return planAxis(source, target, method, ROW_ONE);
}

/** Plans one axis: `method` when shrinking, bilinear (pixel centres at halves) when growing. */
export function planAxis(
  source: number,
  target: number,
  method: ResampleMethod = 'area',
  one: number = COLUMN_ONE,
): AxisPlan {
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
    plan.weights.set(roundWeights(reals.weights, one), i * taps);
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

function roundWeights(reals: readonly number[], one: number): number[] {
  const weights = reals.map((real) => Math.round(real * one));
  const rest = one - weights.reduce((sum, weight) => sum + weight, 0);
  weights[weights.indexOf(Math.max(...weights))] += rest;
  return weights;
}
