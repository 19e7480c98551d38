import type { PlateEvent } from './plate-event.ts';
import { dropUmlauts, foldChar, isAlike, normalizePlate } from './plate-text.ts';

/**
 * Weight of a character that the reader did not list at a place: for look-alikes of the chosen one, and for all others.
 * Chosen, not measured: they rank what the reader says nothing about below what it says anything about.
 */
const LOOKALIKE_FLOOR = 0.01;
const FLOOR = 0.0005;

/** The characters over which each place of a read is a distribution. */
export const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** How many characters of the alphabet share each folded form. */
const ALIKE = new Map([...Map.groupBy(ALPHABET, foldChar)].map(([folded, chars]) => [folded, chars.length]));

/** One place of a read: the chosen character, and how probable each one is there; over the alphabet these sum to 1. */
export type CharPlace = Readonly<{
  char: string;
  probabilityOf: (char: string) => number;
  /** The probability that the reader itself gave the character; undefined if it did not list it. */
  listed: (char: string) => number | undefined;
  /** Every character with at least this probability, the likeliest first. */
  atLeast: (p: number) => readonly LikelyChar[];
}>;

export type LikelyChar = Readonly<{ char: string; p: number }>;

/** What likelihood needs of an event: its places, and the whole texts that the reader listed, with their p. */
export type StoredRead = Readonly<{
  text: string;
  places: readonly CharPlace[];
  whole: ReadonlyMap<string, number>;
}>;

/** The parts of an event that say how else its plate may be read. */
export type ReadParts = Readonly<{
  status: PlateEvent['status'];
  plate: Pick<PlateEvent['plate'], 'text_normalized' | 'confidence' | 'chars' | 'candidates'>;
}>;

/**
 * The read of an event. The characters count if they spell the text; otherwise every character of the text has an equal
 * share of the confidence. A person's correction is certain and replaces what the machine thought.
 */
export function readOf({ status, plate }: ReadParts): StoredRead {
  const text = normalizePlate(plate.text_normalized);
  if (status === 'corrected') return openRead(text, new Map([[text, 1]]), () => spell(text, 1));
  const whole = new Map(plate.candidates.map((one): [string, number] => [normalizePlate(one.text), one.p]));
  whole.set(text, plate.confidence);
  return openRead(text, whole, () => {
    const chars = plate.chars.map((one) => ({ ...one, c: normalizePlate(one.c) })).filter(({ c }) => c !== '');
    if (chars.map(({ c }) => c).join('') === text) return chars.map(({ c, p, alt }) => placeOf(c, p, alt));
    return spell(text, plate.confidence ** (1 / Math.max(1, text.length)));
  });
}

/** Most of the thousand reads of one text are never asked for their places, so these are made on demand. */
function openRead(text: string, whole: StoredRead['whole'], makePlaces: () => StoredRead['places']): StoredRead {
  let places: StoredRead['places'] | undefined;
  return {
    text,
    whole,
    get places() {
      places ??= makePlaces();
      return places;
    },
  };
}

function spell(text: string, p: number): readonly CharPlace[] {
  return [...text].map((char) => placeOf(char, p, []));
}

/** Each character weighs its listed p, or the floor if that is higher, divided by the sum of these weights. */
function placeOf(char: string, p: number, alternatives: readonly Readonly<{ c: string; p: number }>[]): CharPlace {
  const listed = new Map([[char, p]]);
  for (const one of alternatives) listed.set(normalizePlate(one.c), one.p);
  const floorOf = (other: string) => (isAlike(other, char) ? LOOKALIKE_FLOOR : FLOOR);
  const weightOf = (other: string) => Math.max(listed.get(other) ?? 0, floorOf(other));
  const alike = ALIKE.get(foldChar(dropUmlauts(char))) ?? 0;
  let sum = alike * LOOKALIKE_FLOOR + (ALPHABET.length - alike) * FLOOR;
  for (const other of listed.keys()) sum += weightOf(other) - (ALPHABET.includes(other) ? floorOf(other) : 0);
  const probabilityOf = (other: string) => weightOf(other) / sum;
  return {
    char,
    probabilityOf,
    listed: (other) => listed.get(other),
    atLeast: (least) => {
      // Where no floor comes up to it, only what the reader listed can.
      const possible = LOOKALIKE_FLOOR / sum < least ? listed.keys() : new Set([...listed.keys(), ...ALPHABET]);
      const likely: LikelyChar[] = [];
      for (const other of possible) {
        const p = probabilityOf(other);
        if (p >= least) likely.push({ char: other, p });
      }
      return likely.length < 2 ? likely : likely.sort((a, b) => b.p - a.p);
    },
  };
}
