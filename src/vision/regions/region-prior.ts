import type { Syntax } from './syntax.ts';

/** A country or state and how probable it is, 0–1. */
export type RegionScore = Readonly<{ code: string; score: number }>;

/** Which regions are expected: weights by code (`us` stands for all its states), and the share left for all others. */
export type ExpectedRegions = Readonly<{ expected: Readonly<Record<string, number>>; elsewhere: number }>;

/** Whether a code means a region: itself, or the country of a state. */
export function coversRegion(code: string, region: string): boolean {
  return region === code || region.startsWith(`${code}-`);
}

/** How probable each region is before a picture is seen; sums to 1. */
export function expectRegions({ regions, weights }: Syntax, { expected, elsewhere }: ExpectedRegions): Float64Array {
  const codes = Object.entries(expected).filter(([, weight]) => weight > 0);
  if (codes.length === 0) return weights.slice();
  const named = new Float64Array(regions.length);
  for (const [code, weight] of codes) {
    const covered = regions.map((region, index) => (coversRegion(code, region) ? weights[index] : 0));
    const all = covered.reduce((sum, share) => sum + share, 0);
    for (const [index, share] of covered.entries()) if (all > 0) named[index] += (weight * share) / all;
  }
  const others = weights.map((weight, index) => (named[index] > 0 ? 0 : weight));
  const [total, rest] = [sum(named), sum(others)];
  if (total === 0) return weights.slice();
  const left = rest > 0 ? elsewhere : 0;
  return weights.map(
    (_, index) => ((1 - left) * named[index]) / total + (rest > 0 ? (left * others[index]) / rest : 0),
  );
}

/** What is known of regions before the text counts. `sharpness` is the power of what the picture showed, `doubt` the share that it does not decide. */
export type RegionView = Readonly<{ shown: readonly RegionScore[]; sharpness: number; doubt: number }>;

/** Expected regions and what the picture showed, multiplied; sums to 1. Regions that the network does not know count by `doubt`. */
export function combineRegions({ regions }: Syntax, prior: Float64Array, view: RegionView): Float64Array {
  const { shown, sharpness, doubt } = view;
  if (shown.length === 0) return prior;
  const scores = new Map(shown.map(({ code, score }) => [code, score]));
  const powers = regions.map((code) => Math.max(0, scores.get(code) ?? 0) ** sharpness);
  const all = sum(powers);
  if (all === 0) return prior;
  const even = 1 / regions.length;
  const mixed = prior.map((p, index) => p * regions.length * ((1 - doubt) * (powers[index] / all) + doubt * even));
  const total = sum(mixed);
  return total > 0 ? mixed.map((p) => p / total) : prior;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
