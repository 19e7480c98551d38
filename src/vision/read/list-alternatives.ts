import type { Alphabet } from './head.ts';
import type { CharProbability } from './reading.ts';

/** Alternatives below this probability are left out. */
const NEGLIGIBLE = 0.001;

/** One character's distribution over the classes of a head. */
type CharJob = Readonly<{
  probabilities: Float32Array | Float64Array;
  chosen: number;
  alphabet: Alphabet;
  most: number;
}>;

/** The most probable characters first, at most `most`; the chosen class is among them unless `most` others are more probable. */
export function listAlternatives({ probabilities, chosen, alphabet, most }: CharJob): CharProbability[] {
  return [...probabilities.entries()]
    .filter(([label, p]) => label === chosen || p >= NEGLIGIBLE)
    .sort(([a, p], [b, q]) => q - p || a - b)
    .slice(0, most)
    .map(([label, p]) => ({ char: label === 0 ? '' : alphabet[label - 1], p }));
}
