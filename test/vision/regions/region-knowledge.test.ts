import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/base/random.ts';
import { REGION_DEFAULTS } from '../../../src/vision/options/regions.ts';
import type { RegionForm } from '../../../src/vision/regions/region-form.ts';
import { createRegionKnowledge } from '../../../src/vision/regions/region-knowledge.ts';

const form = (region: string, marks: string, more: Partial<RegionForm> = {}): RegionForm => ({
  region,
  weight: 1,
  patterns: [{ marks, weight: 1 }],
  letters: 'ABCDEFGHJKLMNPRSTVWXYZ',
  sets: {},
  freeShare: 0.01,
  readAs: {},
  ...more,
});
const forms = [form('fr', 'LL-DDD-LL'), form('br', 'LLL-DDDD'), form('us-ca', 'DLLLDDD'), form('us-ny', 'LLL-DDDD')];
const knowledge = createRegionKnowledge(forms);
const rank = (candidates: Record<string, number>, shown: Record<string, number> = {}) =>
  knowledge.judge({
    candidates: Object.entries(candidates).map(([text, p]) => ({ text, p })),
    shown: Object.entries(shown).map(([code, score]) => ({ code, score })),
  });

describe('createRegionKnowledge', () => {
  it('decides look-alikes by the numbering', () => {
    expect(rank({ A8123BO: 0.5, AB123B0: 0.2, AB123BC: 0.1, AB123BD: 0.2 }).candidates[0]?.text).toBe('AB123BD');
    expect(rank({ ABC12O4: 0.7, ABC1204: 0.3 }).candidates[0]?.text).toBe('ABC1204');
  });

  it('lets the region that the picture showed decide', () => {
    const texts = { '8ABC123': 0.5, BABC123: 0.5 };
    expect(rank(texts, { 'us-ca': 0.9, br: 0.1 }).candidates[0]?.text).toBe('8ABC123');
    const other = { ABCI234: 0.5, ABC1234: 0.5 };
    expect(rank(other, { br: 1 }).candidates[0]).toMatchObject({ text: 'ABC1234' });
  });

  it('never invents: the answer holds exactly the texts it was given', () => {
    const { next: random } = createRandom(7);
    const signs = '0O1I8BAZ2';
    for (let round = 0; round < 200; round += 1) {
      const texts = new Map<string, number>();
      for (let n = 0; n < 6; n += 1) {
        const length = 1 + Math.floor(random() * 9);
        texts.set(Array.from({ length }, () => signs[Math.floor(random() * signs.length)]).join(''), random() / 7);
      }
      const { candidates } = rank(Object.fromEntries(texts), { fr: random() });
      expect(candidates.map(({ text }) => text).toSorted()).toEqual([...texts.keys()].toSorted());
    }
  });

  it('keeps the probability that is left for texts not listed', () => {
    for (const given of [{ AB123CD: 0.6, A8123CD: 0.25 }, { XXX: 0.1 }, { ABC1234: 0.3, ABCI234: 0.3, '': 0.2 }]) {
      const before = Object.values(given).reduce((sum, p) => sum + p, 0);
      const after = rank(given).candidates.reduce((sum, { p }) => sum + p, 0);
      expect(after).toBeCloseTo(before, 9);
    }
  });

  it('finds a text more probable when the heads do', () => {
    const shares = [0.1, 0.3, 0.5, 0.7, 0.9].map((p) => {
      const { candidates } = rank({ AB123CD: p, A8123CD: 1 - p });
      return candidates.find(({ text }) => text === 'AB123CD')?.p ?? 0;
    });
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(new Set(shares).size).toBe(5);
  });

  it('leaves texts alone that are equal to the numbering', () => {
    const { candidates } = rank({ AB123CD: 0.6, AB128CD: 0.3 });
    expect(candidates.map(({ p }) => p)).toEqual([expect.closeTo(0.6, 9), expect.closeTo(0.3, 9)]);
  });

  it('does not read a number into an empty plate, and leaves nothing as it is', () => {
    expect(rank({ '': 0.9, AB123CD: 0.05 }).candidates[0]).toEqual({ text: '', p: 0.9 });
    expect(rank({})).toEqual({ candidates: [], matchesFormat: false });
    expect(rank({ '': 1 })).toMatchObject({ matchesFormat: false, candidates: [{ text: '', p: 1 }] });
  });

  it('names the region by text and picture, the country where its states share it, none where it is open', () => {
    expect(rank({ AB123CD: 0.9 }).region?.code).toBe('fr');
    expect(rank({ ABC1234: 0.9 }, { 'us-ny': 0.6, br: 0.4 }).region?.code).toBe('us-ny');
    expect(rank({ GOPACK: 0.9 }, { 'us-ny': 0.45, 'us-ca': 0.45, fr: 0.1 }).region?.code).toBe('us');
    expect(rank({ GOPACK: 0.9 }).region?.code).not.toBe('fr');
    expect(rank({ ABC1234: 0.9 }, { br: 0.48, fr: 0.04, 'us-ny': 0.48 }).region).toBeUndefined();
  });

  it('says whether the text fits a format of its region', () => {
    expect(rank({ AB123CD: 0.9 }).matchesFormat).toBe(true);
    expect(rank({ ABC1234: 0.9 }, { br: 1 }).matchesFormat).toBe(true);
    expect(rank({ GOPACK: 0.9 }, { 'us-ny': 1 }).matchesFormat).toBe(false);
  });

  it('reads signs of other scripts as they are and by the numbering of the rest', () => {
    const { candidates } = rank({ 京AB123CO: 0.5, 京AB123CD: 0.4 });
    expect(candidates[0]?.text).toBe('京AB123CD');
  });

  it('changes no order at weight 0, and only expects what is configured', () => {
    const idle = createRegionKnowledge(forms, { ...REGION_DEFAULTS, weight: 0 });
    const candidates = [
      { text: 'A8123BO', p: 0.4 },
      { text: 'AB123BD', p: 0.3 },
    ];
    expect(idle.judge({ candidates, shown: [] }).candidates).toEqual([
      { text: 'A8123BO', p: expect.closeTo(0.4, 9) },
      { text: 'AB123BD', p: expect.closeTo(0.3, 9) },
    ]);
    const french = createRegionKnowledge(forms, { ...REGION_DEFAULTS, expected: { fr: 1 }, elsewhere: 0 });
    expect(french.judge({ candidates: [{ text: 'ABC1234', p: 1 }], shown: [] }).region?.code).toBe('fr');
  });

  it('names the spelling of registers where no pattern explains the text', () => {
    const written = [
      form('us-fl', 'LLL-DDD', { letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', freeShare: 0.1, writtenAs: { O: '0' } }),
      form('us-ia', 'LLL-DDD', { freeShare: 0.1 }),
    ];
    const judge = (text: string, code: string, asRegistered = true) =>
      createRegionKnowledge(written, { ...REGION_DEFAULTS, asRegistered }).judge({
        candidates: [{ text, p: 0.9 }],
        shown: [{ code, score: 0.99 }],
      }).spelling;
    expect(judge('CUSTOM', 'us-fl')).toEqual({ O: '0' });
    expect(judge('CUSTOM', 'us-ia')).toBeUndefined();
    expect(judge('TOM123', 'us-fl')).toBeUndefined();
    expect(judge('CUSTOM', 'us-fl', false)).toBeUndefined();
  });

  it('writes the umlaut of a district where every pattern that fits has the district there', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    const german = form('de', '', {
      letters,
      patterns: ['C#LL DD', 'C#L DD', 'W#LL DD'].map((marks) => ({ marks, weight: 1 })),
      sets: { C: ['DUW', 'HAL', 'WU'], W: 'W' },
      umlauts: ['DÜW', 'WÜ'],
    });
    const judge = (text: string, asRegistered = true) =>
      createRegionKnowledge([german], { ...REGION_DEFAULTS, asRegistered }).judge({
        candidates: [{ text, p: 0.9 }],
        shown: [],
      }).written;
    expect(judge('DUWAB12')).toBe('DÜWAB12');
    expect(judge('HALAB12')).toBeUndefined();
    expect(judge('WUAB12')).toBe('WÜAB12');
    expect(judge('WUA12')).toBeUndefined();
    expect(judge('DUWAB12', false)).toBeUndefined();
  });
});
