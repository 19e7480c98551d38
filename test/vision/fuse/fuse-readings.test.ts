import { describe, expect, it } from 'vitest';
import { alignChars, isSamePlate, measureEditDistance } from '../../../src/vision/fuse/align.ts';
import { fuseReadings } from '../../../src/vision/fuse/fuse-readings.ts';
import type { Reading } from '../../../src/vision/read/reading.ts';

/** A reading in which each character has probability `p` and the rest goes to `other` (or nothing). */
function read(text: string, p = 0.9, others: Readonly<Record<number, string>> = {}): Reading {
  const chars = [...text].map((char, index) => {
    const rest = others[index];
    return rest
      ? [
          { char, p },
          { char: rest, p: 1 - p },
        ]
      : [{ char, p }];
  });
  return { text, chars, confidence: p, candidates: [{ text, p }] };
}
const look = (text: string, weight = 1, p = 0.9) => ({ reading: read(text, p), weight });

describe('fuseReadings', () => {
  it('gives nothing for nothing, and a single reading as it is', () => {
    expect(fuseReadings([])).toBeUndefined();
    expect(fuseReadings([look('')])).toBeUndefined();
    const fused = fuseReadings([look('AB123', 1, 0.8)]);
    expect(fused).toMatchObject({ text: 'AB123', agreeing: 1, outvoted: 0 });
    expect(fused?.confidence).toBeCloseTo(0.8, 9);
  });

  it('is surer the more looks agree', () => {
    const confidences = [1, 2, 4, 8].map(
      (n) => fuseReadings(Array.from({ length: n }, () => look('AB123', 1, 0.7)))?.confidence ?? Number.NaN,
    );
    expect(confidences).toEqual(confidences.toSorted((a, b) => a - b));
    expect(confidences[3]).toBeGreaterThan(0.95);
  });

  it('outvotes one wrong look, even a sure one', () => {
    const fused = fuseReadings([
      look('AB123', 1, 0.7),
      look('AB123', 1, 0.7),
      look('AB123', 1, 0.7),
      look('A8123', 1, 0.99),
    ]);
    expect(fused).toMatchObject({ text: 'AB123', agreeing: 3, outvoted: 1 });
    expect(fused?.candidates[1]?.text).toBe('A8123');
  });

  it('lets a few legible looks win against many that are not', () => {
    const blurred = Array.from({ length: 4 }, () => look('HB123', 0.05, 0.5));
    expect(fuseReadings([...blurred, look('AB123', 0.9), look('AB123', 0.9)])?.text).toBe('AB123');
  });

  it('puts a text together that no look read whole', () => {
    const fused = fuseReadings([look('AB12X', 1), look('AB1Y3', 1), look('AZ123', 1), look('QB123', 1)]);
    expect(fused).toMatchObject({ text: 'AB123', agreeing: 0, outvoted: 4 });
    expect(fused?.confidence).toBeLessThan(0.5);
  });

  it('votes the length and lines up looks that lack a character or have one more', () => {
    const fused = fuseReadings([
      look('34A2312'),
      look('34A23126'),
      look('34A23126'),
      look('134A23126'),
      look('4A23126'),
    ]);
    expect(fused).toMatchObject({ text: '34A23126', agreeing: 2 });
  });

  it('leaves out a look at another plate', () => {
    const fused = fuseReadings([look('AB123'), look('AB123'), look('ZX987')]);
    expect(fused?.text).toBe('AB123');
    expect(fused?.chars.map((char) => char.length)).toEqual([1, 1, 1, 1, 1]);
  });

  it('keeps the alternatives of each character', () => {
    const looks = [0.6, 0.7].map((p) => ({ reading: read('AO1', p, { 1: '0' }), weight: 1 }));
    const { chars = [], candidates = [] } = fuseReadings(looks) ?? {};
    expect(chars[1]?.map(({ char }) => char)).toEqual(['O', '0']);
    expect(candidates.map(({ text }) => text).slice(0, 2)).toEqual(['AO1', 'A01']);
    expect(candidates.reduce((sum, { p }) => sum + p, 0)).toBeLessThanOrEqual(1.000001);
  });

  it('does not depend on the order of looks', () => {
    const looks = [look('AB123', 0.9), look('AB128', 0.5), look('A8123', 0.7), look('AB12', 0.3)];
    const forward = fuseReadings(looks);
    const backward = fuseReadings(looks.toReversed());
    expect(forward).toBeDefined();
    expect(backward?.text).toBe(forward?.text);
    expect(backward?.confidence).toBeCloseTo(forward?.confidence ?? Number.NaN, 9);
  });
});

describe('alignChars', () => {
  it('finds the missing and the additional character', () => {
    expect(alignChars(read('AB123').chars, read('A123').chars).places).toEqual([0, -1, 1, 2, 3]);
    expect(alignChars(read('AB123').chars, read('AB7123').chars).places).toEqual([0, 1, 3, 4, 5]);
  });
});

describe('isSamePlate', () => {
  const cases: [string, string, boolean][] = [
    ['AB123', 'AB123', true],
    ['AB123', 'A8123', true],
    ['ABO123', 'AB0I23', true],
    ['34A23126', '34A2312', true],
    ['AB123', 'AB456', false],
    ['AB1', 'AB2', false],
    ['', '', false],
  ];
  for (const [a, b, same] of cases) {
    it(`says ${same ? 'yes' : 'no'} to "${a}" and "${b}"`, () => expect(isSamePlate(a, b)).toBe(same));
  }
});

describe('measureEditDistance', () => {
  it('counts as in the textbook: kitten, sitting, 3', () => {
    expect(measureEditDistance('KITTEN', 'SITTING')).toBe(3);
    expect(measureEditDistance('', 'ABC')).toBe(3);
  });
});
