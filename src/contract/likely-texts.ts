import { ADDED_RATE, probabilityOf } from './likelihood.ts';
import type { CharPlace, StoredRead } from './stored-read.ts';

/** A text that a plate may have, and how probable its read makes that. */
export type LikelyText = Readonly<{ text: string; p: number }>;

/** Lower than this no probability is asked for: below it a missed character would have to be thought of. */
export const LEAST_LIKELY = 0.01;

/**
 * By how much a text can be likelier than its characters one by one: what it gains where one character is missed and another one
 * added, at most 24 places × 25 gaps × 0.002 × 0.002 / 36.
 */
const OTHER_ALIGNMENTS = 0.000_1;

/**
 * Every text whose probability (`likelihoodOf`) is at least `atLeast`, which is 0.01 or more; the likeliest first, and of
 * equals in the order of the alphabet. As these add up to 1, there are few.
 */
export function listLikelyTexts(read: StoredRead, atLeast: number): readonly LikelyText[] {
  const texts = new Set(read.whole.keys());
  spellOut(read.places, atLeast - OTHER_ALIGNMENTS, texts);
  // One character may have been read in vain, at any of the places; two of them are less likely than anything asked for.
  const others = (atLeast - OTHER_ALIGNMENTS) / (ADDED_RATE * read.places.length);
  if (others <= 1) for (const [at] of read.places.entries()) spellOut(read.places.toSpliced(at, 1), others, texts);
  texts.delete('');
  return [...texts]
    .map((text) => ({ text, p: probabilityOf(text, read) }))
    .filter(({ p }) => p >= atLeast)
    .sort((a, b) => b.p - a.p || (a.text < b.text ? -1 : 1));
}

/** Adds the texts of these places whose characters together have at least this probability. */
function spellOut(places: readonly CharPlace[], least: number, texts: Set<string>): void {
  const options = places.map((place) => place.atLeast(least));
  // The most that the places from here on can make of a beginning.
  const best = options.map(([likeliest]) => likeliest?.p ?? 0);
  for (let at = best.length - 2; at >= 0; at -= 1) best[at] = (best[at] ?? 0) * (best[at + 1] ?? 0);
  const go = (text: string, p: number, at: number) => {
    if (at === options.length) texts.add(text);
    for (const one of options[at] ?? []) {
      if (p * one.p * (best[at + 1] ?? 1) < least) return;
      go(text + one.char, p * one.p, at + 1);
    }
  };
  go('', 1, 0);
}
