import { foldChar } from '../contract/plate-text.ts';
import type { CharPlace, StoredRead } from '../contract/stored-read.ts';
import type { MatchKind } from './match.ts';
import { fitWildcard } from './wildcard.ts';

const ALIKE = Map.groupBy('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', foldChar);

/** The calibrated probability that the whole text is right. */
export function certaintyOfText(read: StoredRead): number {
  return read.whole.get(read.text) ?? 0;
}

/**
 * The probability that a match of `wanted` is right although the rest of the text may be wrong. The calibrated probability of
 * the whole text is spread over its places as the reader's own probabilities are; those that the match does not name are
 * left out, and where look-alikes will do, all of them count.
 */
export function certaintyOf(kind: MatchKind, wanted: string, read: StoredRead): number {
  const whole = certaintyOfText(read);
  const needed = neededOf(kind, wanted, read.text);
  if (needed === 'all' || whole <= 0 || whole >= 1) return whole;
  let [all, part] = [0, 0];
  for (const [at, place] of read.places.entries()) {
    const own = Math.log(Math.max(Number.MIN_VALUE, place.probabilityOf(place.char)));
    all += own;
    if (needed === 'alike') part += Math.max(own, Math.log(Math.min(1, sumAlike(place))));
    else if (needed.has(at)) part += own;
  }
  return all === 0 ? whole : whole ** (part / all);
}

function neededOf(kind: MatchKind, wanted: string, text: string): ReadonlySet<number> | 'all' | 'alike' {
  const run = (from: number) => new Set(Array.from({ length: wanted.length }, (_, index) => from + index));
  switch (kind) {
    case 'prefix':
      return run(0);
    case 'suffix':
      return run(text.length - wanted.length);
    case 'contains':
      return run(text.indexOf(wanted));
    case 'wildcard':
      return new Set(fitWildcard(wanted, text));
    case 'look_alike':
      return 'alike';
    default:
      return 'all';
  }
}

function sumAlike(place: CharPlace): number {
  const alike = ALIKE.get(foldChar(place.char)) ?? [place.char];
  return alike.reduce((sum, char) => sum + place.probabilityOf(char), 0);
}
