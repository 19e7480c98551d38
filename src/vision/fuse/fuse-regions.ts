import type { RegionScore } from '../regions/region-prior.ts';
import type { WeightedReading } from './weight.ts';

/** Least probability a look can give a region: one wrong look cannot veto. */
const FLOOR = 1e-3;

/**
 * What the looks of one plate showed of its region, multiplied: logarithms add up by weight, and n looks count as 1 + ln n, as
 * characters do in the fusion of readings. Empty where no look showed anything.
 */
export function fuseRegions(looks: readonly WeightedReading[]): readonly RegionScore[] {
  const shown = looks.flatMap(({ reading, weight }) => (reading.regions ? [{ scores: reading.regions, weight }] : []));
  if (shown.length === 0) return [];
  const total = shown.reduce((sum, { weight }) => sum + weight, 0);
  const power = (1 + Math.log(shown.length)) / total;
  const codes = new Set(shown.flatMap(({ scores }) => scores.map(({ code }) => code)));
  const sums = new Map([...codes].map((code) => [code, 0]));
  for (const { scores, weight } of shown) {
    const known = new Map(scores.map(({ code, score }) => [code, score]));
    for (const code of codes) {
      const log = Math.log(Math.max(FLOOR, known.get(code) ?? 0));
      sums.set(code, (sums.get(code) ?? 0) + power * weight * log);
    }
  }
  const most = Math.max(...sums.values());
  const powers = [...sums].map(([code, log]) => ({ code, score: Math.exp(log - most) }));
  const all = powers.reduce((sum, { score }) => sum + score, 0);
  return powers.map(({ code, score }) => ({ code, score: score / all }));
}
