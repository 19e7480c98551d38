import { describe, expect, test } from 'vitest';
import { ADDED_RATE, likelihoodOf, MISSED_RATE, sumAlignments } from '../../src/contract/likelihood.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { type CharPlace, readOf } from '../../src/contract/stored-read.ts';
import { explainCandidate } from '../../src/search/fuzzy.ts';
import { makeEvent } from '../store/make-event.ts';

const CHARS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];

type Chars = PlateEvent['plate']['chars'];

function makeRead(chars: Chars, more: Partial<PlateEvent['plate']> = {}, status: PlateEvent['status'] = 'final') {
  const text = chars.map(({ c }) => c).join('');
  const { plate } = makeEvent({ text, confidence: 0.6 });
  return readOf({ status, plate: { ...plate, chars, ...more } });
}

const READ: Chars = [
  { c: 'A', p: 0.9, alt: [{ c: '4', p: 0.05 }] },
  {
    c: 'B',
    p: 0.6,
    alt: [
      { c: '8', p: 0.31 },
      { c: 'P', p: 0.02 },
    ],
  },
  { c: '1', p: 0.99, alt: [] },
];

/** Every way to make `wanted` of the places, one after the other, as the definition says it in words; nothing is shared. */
function enumerate(wanted: string, places: readonly CharPlace[]): number {
  const miss = wanted === '' ? 0 : (MISSED_RATE / 36) * enumerate(wanted.slice(1), places);
  const [place, ...rest] = places;
  if (place === undefined) return miss + (wanted === '' ? 1 - MISSED_RATE : 0);
  const add = (1 - MISSED_RATE) * ADDED_RATE * enumerate(wanted, rest);
  if (wanted === '') return miss + add;
  const char = place.probabilityOf(wanted.charAt(0));
  return miss + add + (1 - MISSED_RATE) * (1 - ADDED_RATE) * char * enumerate(wanted.slice(1), rest);
}

describe('The likelihood that a read is the plate asked for', () => {
  test.each(['AB1', 'A81', '481', 'AB', 'B1', 'AAB1', 'AB12', '', 'XYZ', '1', 'A8811'])(
    'is for %j the sum over all alignments, counted one by one',
    (wanted) => {
      const { places } = makeRead(READ);
      const counted = enumerate(wanted, places);
      expect(sumAlignments(wanted, places)).toBeCloseTo(counted, 14);
      expect(sumAlignments(wanted, places) / counted).toBeCloseTo(1, 9);
    },
  );

  test('is 1 over all texts together', () => {
    const { places } = makeRead(READ.slice(0, 2));
    const shorter = ['', ...CHARS, ...CHARS.flatMap((a) => CHARS.map((b) => a + b))];
    const all = [...shorter, ...CHARS.flatMap((a) => CHARS.flatMap((b) => CHARS.map((c) => a + b + c)))];
    const sum = all.reduce((total, text) => total + sumAlignments(text, places), 0);
    // Four characters of a read of two: two were missed, in one of six orders.
    expect(sum).toBeGreaterThan(1 - 6 * MISSED_RATE ** 2);
    expect(sum).toBeLessThanOrEqual(1 + 1e-12);
  });

  test('at one place is what is listed, a floor for what is not, and 1 in all', () => {
    const { places } = makeRead(READ);
    const place = places[1] as CharPlace;
    expect(CHARS.reduce((sum, char) => sum + place.probabilityOf(char), 0)).toBeCloseTo(1, 12);
    // Listed 0.6, 0.31 and 0.02; B's only look-alike is listed; the other 33 have 0.0005 each.
    const sum = 0.6 + 0.31 + 0.02 + 33 * 0.0005;
    expect(place.probabilityOf('B')).toBeCloseTo(0.6 / sum, 12);
    expect(place.probabilityOf('8')).toBeCloseTo(0.31 / sum, 12);
    expect(place.probabilityOf('X')).toBeCloseTo(0.0005 / sum, 12);
    // Of 1 nothing else is listed: I has the floor of look-alikes.
    expect(places[2]?.probabilityOf('I')).toBeCloseTo(0.01 / (0.99 + 0.01 + 34 * 0.0005), 12);
  });

  test('of the read text and of a listed candidate is what the event says of the whole text', () => {
    const read = makeRead(READ, { candidates: [{ text: 'a-81', p: 0.2 }] });
    expect(likelihoodOf('AB1', read)).toEqual({ p: 0.6, by: 'text', taken: [] });
    expect(likelihoodOf('A81', read)).toEqual({ p: 0.2, by: 'candidate', taken: [] });
  });

  test('names each character that was taken otherwise, with its probability', () => {
    const read = makeRead(READ);
    const { by, taken } = likelihoodOf('48I', read);
    expect(by).toBe('characters');
    expect(taken.map(({ wanted, read: char, at, listed }) => [wanted, char, at, listed])).toEqual([
      ['4', 'A', 1, true],
      ['8', 'B', 2, true],
      ['I', '1', 3, false],
    ]);
    expect(taken[1]?.p).toBe(0.31);
    expect(likelihoodOf('A1', read).taken).toMatchObject([{ wanted: '', read: 'B', at: 2 }]);
    expect(likelihoodOf('ABX1', read).taken).toMatchObject([{ wanted: 'X', read: '', at: 3 }]);
  });

  test('of a corrected text is 1, whatever the machine held possible', () => {
    const read = makeRead(READ, { text_normalized: 'XY1', candidates: [{ text: 'AB1', p: 0.9 }] }, 'corrected');
    expect(likelihoodOf('XY1', read).p).toBe(1);
    expect(likelihoodOf('AB1', read).p).toBeLessThan(1e-5);
  });

  test('shares the confidence among the characters of a text that the characters do not spell', () => {
    const read = makeRead([{ c: 'Q', p: 1, alt: [] }], { text_normalized: 'AB', confidence: 0.81 });
    expect(read.places.map(({ char }) => char)).toEqual(['A', 'B']);
    expect(read.places[0]?.probabilityOf('A')).toBeCloseTo(0.9 / (0.9 + 35 * 0.0005), 12);
  });
});

test('a read that was corrected is found by its first text as read so and corrected, not as another possible reading', () => {
  const read = makeEvent({ text: 'HALRB3930', candidates: ['HALRX3930'] });
  const corrected: PlateEvent = {
    ...read,
    status: 'corrected',
    plate: { ...read.plate, text_normalized: 'HALRB39XX' },
    review: { by: 'Ada', at: read.detected_at, action: 'correct', text: 'HALRB39XX', reason: 'legible' },
  };
  expect(explainCandidate(corrected, 'HALRB3930')).toBe('read as HALRB3930, corrected to HALRB39XX');
  expect(explainCandidate(read, 'HALRX3930')).toBe('read as HALRB3930, HALRX3930 was also possible');
});
