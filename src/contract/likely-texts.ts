import { ADDED_RATE, probabilityOf } from './likelihood.ts';
import type { CharPlace, LikelyChar, StoredRead } from './stored-read.ts';

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
  const texts = new Set<string>();
  for (const [text, p] of read.whole) if (p >= atLeast) texts.add(text);
  spellOut(read.places, atLeast - OTHER_ALIGNMENTS, texts);
  // One character may have been read in vain, at any of the places; two of them are less likely than anything asked for.
  const others = (atLeast - OTHER_ALIGNMENTS) / (ADDED_RATE * read.places.length);
  if (others <= 1) for (const [at] of read.places.entries()) spellOut(read.places.toSpliced(at, 1), others, texts);
  const likely: LikelyText[] = [];
  for (const text of texts) {
    const p = probabilityOf(text, read);
    if (p >= atLeast && text !== '') likely.push({ text, p });
  }
  return likely.length < 2 ? likely : likely.sort((a, b) => b.p - a.p || (a.text < b.text ? -1 : 1));
}

/** Adds the texts of these places whose characters together have at least this probability. */
function spellOut(places: readonly CharPlace[], least: number, texts: Set<string>): void {
  const options: (readonly LikelyChar[])[] = [];
  // The most that the places from here on can make of a beginning.
  const best: number[] = [];
  for (const place of places) options.push(place.atLeast(least));
  for (let at = options.length - 1; at >= 0; at -= 1) {
    best[at] = (options[at]?.[0]?.p ?? 0) * (best[at + 1] ?? 1);
  }
  if ((best[0] ?? 0) < least) return;
  const go = (text: string, p: number, at: number) => {
    if (at === options.length) texts.add(text);
    for (const one of options[at] ?? []) {
      if (p * one.p * (best[at + 1] ?? 1) < least) return;
      go(text + one.char, p * one.p, at + 1);
    }
  };
  go('', 1, 0);
}
