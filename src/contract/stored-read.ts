import type { PlateEvent } from './plate-event.ts';
import { foldChar, normalizePlate, shapeOf } from './plate-text.ts';

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
  probabilityOf(char: string): number;
  /** The probability that the reader itself gave the character; undefined if it did not list it. */
  listed(char: string): number | undefined;
  /** Every character with at least this probability, the likeliest first. */
  atLeast(p: number): readonly LikelyChar[];
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
  const whole = new Map<string, number>();
  for (const one of plate.candidates) whole.set(normalizePlate(one.text), one.p);
  whole.set(text, plate.confidence);
  return openRead(text, whole, () => {
    const places: CharPlace[] = [];
    let spelled = '';
    for (const { c, p, alt } of plate.chars) {
      const char = normalizePlate(c);
      spelled += char;
      if (char !== '') places.push(new Place(char, p, alt));
    }
    return spelled === text ? places : spell(text, plate.confidence ** (1 / Math.max(1, text.length)));
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
  return [...text].map((char) => new Place(char, p, []));
}

/** Each character weighs its listed p, or the floor if that is higher, divided by the sum of these weights. */
class Place implements CharPlace {
  readonly char: string;
  readonly #shape: string;
  readonly #listed = new Map<string, number>();
  readonly #sum: number;

  constructor(char: string, p: number, alternatives: readonly Readonly<{ c: string; p: number }>[]) {
    this.char = char;
    this.#shape = shapeOf(char);
    this.#listed.set(char, p);
    for (const one of alternatives) this.#listed.set(normalizePlate(one.c), one.p);
    const alike = ALIKE.get(this.#shape) ?? 0;
    let sum = alike * LOOKALIKE_FLOOR + (ALPHABET.length - alike) * FLOOR;
    for (const [other, own] of this.#listed) {
      const floor = this.#floorOf(other);
      sum += Math.max(own, floor) - (ALPHABET.includes(other) ? floor : 0);
    }
    this.#sum = sum;
  }

  probabilityOf(char: string): number {
    return Math.max(this.#listed.get(char) ?? 0, this.#floorOf(char)) / this.#sum;
  }

  listed(char: string): number | undefined {
    return this.#listed.get(char);
  }

  atLeast(least: number): readonly LikelyChar[] {
    // Where no floor comes up to it, only what the reader listed can.
    const isListed = LOOKALIKE_FLOOR / this.#sum < least;
    const possible = isListed ? this.#listed.keys() : new Set([...this.#listed.keys(), ...ALPHABET]);
    const likely: LikelyChar[] = [];
    for (const char of possible) {
      const p = this.probabilityOf(char);
      if (p >= least) likely.push({ char, p });
    }
    return likely.length < 2 ? likely : likely.sort((a, b) => b.p - a.p);
  }

  #floorOf(char: string): number {
    return shapeOf(char) === this.#shape ? LOOKALIKE_FLOOR : FLOOR;
  }
}
