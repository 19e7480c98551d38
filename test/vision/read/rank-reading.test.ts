import { describe, expect, it } from 'vitest';
import { findVariants } from '../../../src/vision/read/find-variants.ts';
import { rankReading } from '../../../src/vision/read/rank-reading.ts';
import type { Reading } from '../../../src/vision/read/reading.ts';
import { createRegionKnowledge } from '../../../src/vision/regions/region-knowledge.ts';

const form = {
  region: 'fr',
  weight: 1,
  patterns: [{ marks: 'LL-DDD-LL', weight: 1 }],
  letters: 'ABCDEFGHJKLMNPRSTVWXYZ',
  sets: {},
  freeShare: 0.01,
  readAs: {},
};
const knowledge = createRegionKnowledge([form]);

const reading: Reading = {
  text: 'AB1230D',
  chars: [...'AB1230D'].map((char, place) =>
    place === 5
      ? [
          { char: '0', p: 0.6 },
          { char: 'C', p: 0.35 },
        ]
      : [{ char, p: 0.99 }],
  ),
  confidence: 0.6,
  candidates: [
    { text: 'AB1230D', p: 0.6 },
    { text: 'AB123CD', p: 0.35 },
  ],
  lines: 1,
};

describe('rankReading', () => {
  const ranked = rankReading(reading, knowledge, 8);

  it('puts the text first that the numbering allows, with all that belongs to it', () => {
    expect(ranked).toMatchObject({ text: 'AB123CD', matchesFormat: true, region: { code: 'fr' }, lines: 1 });
    expect(ranked.confidence).toBe(ranked.candidates[0]?.p);
    expect(ranked.chars.map(([first]) => first?.char).join('')).toBe('AB123CD');
    expect(ranked.chars[5]?.reduce((sum, { p }) => sum + p, 0)).toBeCloseTo(0.95, 6);
  });

  it('keeps what the network alone said', () => {
    const { text, chars, confidence, candidates } = reading;
    expect(ranked.evidence).toEqual({ text, chars, confidence, candidates });
  });

  it('cuts the candidates after they are ordered', () => {
    expect(rankReading(reading, knowledge, 1).candidates).toEqual([ranked.candidates[0]]);
  });

  it('describes the characters of a text of another length by the candidates that have it', () => {
    const longer = { ...reading, candidates: [...reading.candidates.slice(0, 1), { text: 'AB123CDE', p: 0.3 }] };
    const shorter = rankReading({ ...longer, text: 'AB12300DE', chars: [] }, knowledge, 8);
    expect(shorter.chars).toHaveLength(shorter.text.length);
  });

  it('leaves a reading of nothing alone', () => {
    const nothing = { text: '', chars: [], confidence: 0, candidates: [] };
    expect(rankReading(nothing, knowledge, 8)).toBe(nothing);
  });
});

describe('findVariants', () => {
  const mixtures = [
    [0, 0.9, 0.1, 0],
    [0.5, 0.004, 0.3, 0.2],
  ].map((row) => Float64Array.from(row));

  it('puts together every alternative that the heads gave enough, most probable first', () => {
    const variants = findVariants(mixtures, { minCharShare: 0.05, maxVariants: 9 });
    expect(variants).toEqual([
      [1, 2],
      [1, 3],
      [2, 2],
      [2, 3],
    ]);
  });

  it('never uses a character below the least share, and stops at the most', () => {
    expect(findVariants(mixtures, { minCharShare: 0.15, maxVariants: 9 })).toEqual([
      [1, 2],
      [1, 3],
    ]);
    expect(findVariants(mixtures, { minCharShare: 0.001, maxVariants: 2 })).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });
});
