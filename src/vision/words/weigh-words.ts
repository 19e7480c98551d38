import type { RegionScore } from '../regions/region-prior.ts';

/** A word of a region in one strip: how many letters it has, and how much less likely it is there than what the network reads (logarithm, 0 and below). */
export type FoundWord = Readonly<{ letters: number; ratio: number }>;

/** All words of one region in each strip of a plate that was read. */
export type RegionWords = Readonly<{ region: string; strips: (readonly FoundWord[])[] }>;

// All four have the least log loss on 254 American crops of training sets whose state is known (training/fit_words.py).
/** Weight of each letter: how much rarer it makes a word by accident (logarithm). */
const PER_LETTER = 2.5;
/** What a strip of a plate that says something else may bring. */
const ACCIDENT = 6;
const SHARPNESS = 1;
/** Share that words never decide: a frame of a dealer may name another state. */
const DOUBT = 0.005;
/**
 * Least probability of a region by its look, where its plates name it: the look alone does not rule it out. On 47 held-out crops, higher
 * ones name fewer states, and lower ones more wrong ones.
 */
const LEAST_SHOWN = 0.005;

/**
 * What the look of a plate shows of its region, and its words, multiplied; sums to 1. In each strip the clearest word of a region counts, and
 * strips that say nothing of a region leave it as it is.
 */
export function weighWords(shown: readonly RegionScore[], found: readonly RegionWords[]): readonly RegionScore[] {
  const scores = new Map(shown.map(({ code, score }) => [code, score]));
  for (const { region } of found) scores.set(region, Math.max(LEAST_SHOWN, scores.get(region) ?? 0));
  const logs = new Map(
    found.map(({ region, strips }) => [region, strips.reduce((sum, words) => sum + rate(words), 0)]),
  );
  const most = Math.max(0, ...logs.values());
  const likelihoods = new Map([...scores.keys()].map((code) => [code, Math.exp((logs.get(code) ?? 0) - most)]));
  const all = sum(likelihoods.values());
  const products = [...scores].map(([code, score]) => ({
    code,
    score: score * ((1 - DOUBT) * ((likelihoods.get(code) ?? 0) / all) + DOUBT / scores.size),
  }));
  const total = sum(products.map(({ score }) => score));
  return products.map(({ code, score }) => ({ code, score: score / total }));
}

function rate(words: readonly FoundWord[]): number {
  const best = words.reduce((most, { letters, ratio }) => Math.max(most, ratio + PER_LETTER * letters), 0);
  return SHARPNESS * Math.max(0, best - ACCIDENT);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
