import { foldPlate } from '../contract/plate-text.ts';

/**
 * What `foldPlate` leaves of A–Z and 0–9, and the other Latin letters that plates bear: the characters that a wrong or a
 * missing one is looked for among. A character beyond them is found where the query has it.
 */
const FOLDED_CHARS = 'ACEFHJKLMNPRTUVWXY0123456789ÄÅÆÇČĆĐÉÖØÑŠŽÜ';

/** How many edits a query of `length` characters may differ by: none up to 3, one up to 6, two above. */
export function editBudget(length: number): 0 | 1 | 2 {
  return length <= 3 ? 0 : length <= 6 ? 1 : 2;
}

/**
 * What is left of `folded` when any of its characters are deleted, at most as many as its length may be edits away, and
 * itself. Two texts that are near always leave one in common, as what was substituted, missing or added is deleted in both or
 * in one of them (the deletion neighbourhood of FastSS, Bocek et al. 2007): 29 texts for 7 characters, whatever the alphabet.
 */
export function listDeletions(folded: string): readonly string[] {
  const found = new Set([folded]);
  let last = found;
  for (let deleted = editBudget(folded.length); deleted > 0; deleted--) {
    const next = new Set<string>();
    for (const text of last) for (let at = 0; at < text.length; at++) next.add(text.slice(0, at) + text.slice(at + 1));
    for (const text of next) found.add(text);
    last = next;
  }
  return [...found];
}

/** Every text one edit away from `folded`, and itself. */
export function listOneEdit(folded: string): readonly string[] {
  const chars = new Set([...FOLDED_CHARS, ...folded]);
  const found = new Set([folded]);
  for (let at = 0; at <= folded.length; at++) {
    const [before, after] = [folded.slice(0, at), folded.slice(at)];
    if (after !== '') found.add(before + after.slice(1));
    for (const char of chars) {
      found.add(before + char + after);
      if (after !== '') found.add(before + char + after.slice(1));
    }
  }
  return [...found];
}

/**
 * How texts within two edits of `folded` (7 characters or more) are found by their two halves: of two edits, either at
 * most one is in the last four characters (then the text ends in one of `variants`), or none is in the rest (then it
 * begins with `exact`). If the first four characters have more letters, which tell more than digits, the two sides are
 * swapped.
 */
export type Halves = Readonly<{ variantsAt: 'begin' | 'end'; variants: readonly string[]; exact: string }>;

const HALF = 4;

export function splitHalves(folded: string): Halves {
  const [begin, end] = [folded.slice(0, HALF), folded.slice(-HALF)];
  if (countLetters(begin) > countLetters(end)) {
    return { variantsAt: 'begin', variants: dropLonger(listOneEdit(begin)), exact: folded.slice(HALF) };
  }
  const backwards = dropLonger(listOneEdit(reverse(end)));
  return { variantsAt: 'end', variants: backwards.map(reverse), exact: folded.slice(0, -HALF) };
}

/** Removes texts that begin with another one: the shorter one already covers them. */
function dropLonger(texts: readonly string[]): readonly string[] {
  const all = new Set(texts);
  const beginsWithAnother = (text: string) => [...text].some((_, at) => at > 0 && all.has(text.slice(0, at)));
  return texts.filter((text) => !beginsWithAnother(text));
}

function countLetters(text: string): number {
  return foldPlate(text).replace(/\d/g, '').length;
}

function reverse(text: string): string {
  return [...text].reverse().join('');
}
