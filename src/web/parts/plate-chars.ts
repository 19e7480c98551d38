import type { PlateEvent } from '../../contract/plate-event.ts';

export type PlateChar = PlateEvent['plate']['chars'][number];

/** Alternatives below this probability are not worth showing. */
const WORTH_SHOWING = 0.005;

/** Alternatives of a character other than the chosen one, likeliest first. */
export function rankAlternatives(char: PlateChar): PlateChar['alt'] {
  return char.alt.filter(({ c, p }) => c !== char.c && p >= WORTH_SHOWING).toSorted((a, b) => b.p - a.p);
}

/** A character as shown; a missing one has its own sign. */
export function showChar(c: string): string {
  return c === '' ? '∅' : c;
}
