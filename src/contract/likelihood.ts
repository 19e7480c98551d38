import { dropUmlauts, listSpellings } from './plate-text.ts';
import { ALPHABET, type CharPlace, type StoredRead } from './stored-read.ts';

/**
 * Rates of characters that were read but are not on the plate, and of characters on the plate that were not read.
 * Chosen, not measured: rarer than an unlisted look-alike, more frequent than any other unlisted character.
 */
export const ADDED_RATE = 0.002;
export const MISSED_RATE = 0.002;

/**
 * A character that was read differently: `wanted` for `read` (either may be missing), at a place counted from 1, with
 * the probability that the reader listed for it, or otherwise the one from the definition.
 */
export type Taken = Readonly<{ wanted: string; read: string; at: number; p: number; listed: boolean }>;

/** The probability, whether the whole text was listed or composed from characters, and the characters that differ. */
export type Likelihood = Readonly<{ p: number; by: 'text' | 'candidate' | 'characters'; taken: readonly Taken[] }>;

/**
 * How probable a read makes it that the plate asked for is `wanted` (upper-case letters and digits). A whole text that the
 * event lists has what is listed for it: the read text its confidence, a candidate its p. Any other text has what the
 * characters give: each place is the character c with its probability there, or was read in vain (ADDED_RATE); before,
 * between and after the places any number of characters of the plate were missed (MISSED_RATE each, all 36 equally
 * likely). P is the sum over all alignments (the forward algorithm), so that all texts together have 1; `taken` are the
 * differences of the likeliest alignment.
 */
export function likelihoodOf(wanted: string, read: StoredRead): Likelihood {
  const spelled = findListed(wanted, read);
  if (spelled !== undefined)
    return { p: read.whole.get(spelled) ?? 0, by: spelled === read.text ? 'text' : 'candidate', taken: [] };
  return { p: sumAlignments(wanted, read.places), by: 'characters', taken: alignBest(wanted, read.places) };
}

/** Only the probability of `likelihoodOf`, for reads that are compared but not shown. */
export function probabilityOf(wanted: string, read: StoredRead): number {
  const spelled = findListed(wanted, read);
  return spelled === undefined ? sumAlignments(wanted, read.places) : (read.whole.get(spelled) ?? 0);
}

/** The text that the event lists for the wanted one: itself, or the same but for an umlaut. */
function findListed(wanted: string, { whole }: StoredRead): string | undefined {
  if (whole.has(wanted)) return wanted;
  const plain = dropUmlauts(wanted);
  for (const text of whole.keys()) {
    if (dropUmlauts(text) === plain) return listSpellings(wanted).find((spelling) => whole.has(spelling));
  }
  return undefined;
}

/** P of `wanted` from the characters only. */
export function sumAlignments(wanted: string, places: readonly CharPlace[]): number {
  let row = Array.from({ length: wanted.length + 1 }, (_, missed) => (MISSED_RATE / ALPHABET.length) ** missed);
  for (const place of places) {
    const next = [(row[0] ?? 0) * (1 - MISSED_RATE) * ADDED_RATE];
    for (let j = 1; j <= wanted.length; j++) {
      const taken = (row[j - 1] ?? 0) * (1 - ADDED_RATE) * place.probabilityOf(wanted.charAt(j - 1));
      const added = (row[j] ?? 0) * ADDED_RATE;
      const missed = ((next[j - 1] ?? 0) * MISSED_RATE) / ALPHABET.length;
      next.push((taken + added) * (1 - MISSED_RATE) + missed);
    }
    row = next;
  }
  return (row[wanted.length] ?? 0) * (1 - MISSED_RATE);
}

type Step = Readonly<{ p: number; back: Step | undefined; taken: Taken | undefined }>;

/** The differences along the likeliest alignment (Viterbi's algorithm on the same probabilities). */
function alignBest(wanted: string, places: readonly CharPlace[]): readonly Taken[] {
  let last: Step = { p: 1, back: undefined, taken: undefined };
  let row = [last];
  for (const char of wanted) {
    last = missChar(last, char, 1);
    row.push(last);
  }
  for (const [i, place] of places.entries()) {
    const next: Step[] = [];
    let corner: Step | undefined;
    for (const [j, above] of row.entries()) {
      const char = wanted.charAt(j - 1);
      const added = addChar(above, place, i + 1);
      last = corner
        ? likeliest([takeChar(corner, { place, char, at: i + 1 }), added, missChar(last, char, i + 2)])
        : added;
      next.push(last);
      corner = above;
    }
    row = next;
  }
  const differences: Taken[] = [];
  for (let step: Step | undefined = last; step; step = step.back) if (step.taken) differences.unshift(step.taken);
  return differences;
}

function takeChar(back: Step, { place, char, at }: Readonly<{ place: CharPlace; char: string; at: number }>): Step {
  const p = place.probabilityOf(char);
  const listed = place.listed(char);
  const taken = { wanted: char, read: place.char, at, p: listed ?? p, listed: listed !== undefined };
  return { p: back.p * (1 - MISSED_RATE) * (1 - ADDED_RATE) * p, back, taken: char === place.char ? undefined : taken };
}

function addChar(back: Step, { char }: CharPlace, at: number): Step {
  const taken = { wanted: '', read: char, at, p: ADDED_RATE, listed: false };
  return { p: back.p * (1 - MISSED_RATE) * ADDED_RATE, back, taken };
}

function missChar(back: Step, char: string, at: number): Step {
  const taken = { wanted: char, read: '', at, p: MISSED_RATE, listed: false };
  return { p: (back.p * MISSED_RATE) / ALPHABET.length, back, taken };
}

function likeliest(steps: readonly Step[]): Step {
  return steps.reduce((best, step) => (step.p > best.p ? step : best));
}
