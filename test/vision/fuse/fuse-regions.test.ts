import { describe, expect, it } from 'vitest';
import { fuseReadings } from '../../../src/vision/fuse/fuse-readings.ts';
import { fuseRegions } from '../../../src/vision/fuse/fuse-regions.ts';
import { FUSION_DEFAULTS } from '../../../src/vision/options/fusion.ts';
import { rankReading } from '../../../src/vision/read/rank-reading.ts';
import type { Reading } from '../../../src/vision/read/reading.ts';
import { createRegionKnowledge } from '../../../src/vision/regions/region-knowledge.ts';

const form = { weight: 1, letters: 'ABCDEFGHJKLMNPRSTVWXYZ', sets: {}, freeShare: 0.01, readAs: {} };
const regions = createRegionKnowledge([
  { ...form, region: 'fr', patterns: [{ marks: 'LL-DDD-LL', weight: 1 }] },
  { ...form, region: 'br', patterns: [{ marks: 'LLL-DDDD', weight: 1 }] },
]);

/** A reading that doubts one character: `other` stands at `place` with the probability that is left. */
function doubt(text: string, place: number, other: string, p: number): Reading {
  const chars = [...text].map((char, at) => {
    if (at !== place) return [{ char, p: 0.995 }];
    return [
      { char, p },
      { char: other, p: 1 - p },
    ].toSorted((a, b) => b.p - a.p);
  });
  const changed = text.slice(0, place) + other + text.slice(place + 1);
  const [first, second] = [
    { text, p: p * 0.97 },
    { text: changed, p: (1 - p) * 0.97 },
  ];
  const candidates = first.p < second.p ? [second, first] : [first, second];
  const [best = first] = candidates;
  return { text: best.text, chars, confidence: best.p, candidates };
}

describe('fuseReadings with the numbering', () => {
  const look = (reading: Reading) => ({ reading: rankReading(reading, regions, 8), weight: 1 });

  it('orders the fused candidates by it', () => {
    const fused = fuseReadings(
      [1, 2, 3].map(() => look(doubt('ABC12O4', 5, '0', 0.6))),
      FUSION_DEFAULTS,
      { regions },
    );
    expect(fused).toMatchObject({ text: 'ABC1204', region: { code: 'br' }, matchesFormat: true, agreeing: 3 });
  });

  it('counts it once: looks that alone are overruled win against it together', () => {
    const plain = Array.from({ length: 8 }, () => look(doubt('ABC12O4', 5, '0', 0.993)));
    expect(plain[0]?.reading.text).toBe('ABC1204');
    const fused = fuseReadings(plain, FUSION_DEFAULTS, { regions });
    expect(fused).toMatchObject({ text: 'ABC12O4', matchesFormat: false, agreeing: 8 });
  });

  it('takes a single look as it is', () => {
    const one = look(doubt('ABC12O4', 5, '0', 0.6));
    const fused = fuseReadings([one], FUSION_DEFAULTS, { regions });
    expect(fused).toMatchObject({ ...one.reading, lines: 1, agreeing: 1, outvoted: 0 });
  });

  it('asks with the regions that all looks showed together', () => {
    const shown = (br: number) => [
      { code: 'br', score: br },
      { code: 'fr', score: 1 - br },
    ];
    const unsure = [0.6, 0.7, 0.65].map((br) => look({ ...doubt('GOPACK', 1, '0', 0.95), regions: shown(br) }));
    const fused = fuseReadings(unsure, FUSION_DEFAULTS, { regions });
    expect(fused?.region?.code).toBe('br');
    expect(fused?.region?.score).toBeGreaterThan(0.7);
  });
});

describe('fuseRegions', () => {
  const look = (shown: Record<string, number> | undefined, weight = 1) => {
    const known = shown ? { regions: Object.entries(shown).map(([code, score]) => ({ code, score })) } : {};
    return { reading: { ...doubt('AB123CD', 0, '4', 0.9), ...known }, weight };
  };
  const score = (scores: ReturnType<typeof fuseRegions>, code: string) =>
    scores.find((region) => region.code === code)?.score ?? 0;

  it('gives one look as it is', () => {
    const fused = fuseRegions([look({ fr: 0.75, br: 0.25 })]);
    expect(score(fused, 'fr')).toBeCloseTo(0.75, 9);
  });

  it('multiplies looks: two equal ones count as 1 + ln 2', () => {
    const fused = fuseRegions([look({ fr: 0.75, br: 0.25 }), look({ fr: 0.75, br: 0.25 })]);
    expect(score(fused, 'fr') / score(fused, 'br')).toBeCloseTo(3 ** (1 + Math.log(2)), 6);
  });

  it('weighs looks, and lets none veto', () => {
    const fused = fuseRegions([look({ fr: 1 }, 0.1), look({ br: 0.9, fr: 0.1 }, 1), look({ br: 0.9, fr: 0.1 }, 1)]);
    expect(score(fused, 'br')).toBeGreaterThan(0.8);
  });

  it('says nothing where no look showed anything', () => {
    expect(fuseRegions([look(undefined)])).toEqual([]);
  });
});
