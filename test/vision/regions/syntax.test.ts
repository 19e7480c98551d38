import { describe, expect, it } from 'vitest';
import type { RegionForm } from '../../../src/vision/regions/region-form.ts';
import { compileSyntax, measureText } from '../../../src/vision/regions/syntax.ts';

const plain: RegionForm = {
  region: 'aa',
  weight: 1,
  patterns: [{ marks: 'LD', weight: 1 }],
  letters: 'AB',
  sets: {},
  freeShare: 0,
  readAs: {},
};
const small = { signs: '01AB', lengths: [0.2, 0.3, 0.5] };

/** Every text over 0, 1, A, B of one to three characters. */
function listTexts(): string[] {
  const grow = (texts: readonly string[]) => texts.flatMap((text) => [...small.signs].map((sign) => text + sign));
  const [one, two] = [grow(['']), grow(grow(['']))];
  return [...one, ...two, ...grow(two)];
}

describe('measureText', () => {
  it('gives each text of a pattern its equal share', () => {
    const syntax = compileSyntax([plain]);
    expect(measureText(syntax, 'A7').all[0]).toBeCloseTo(1 / 20, 12);
    expect(measureText(syntax, 'C7').all[0]).toBe(0);
    expect(measureText(syntax, '7A').all[0]).toBe(0);
  });

  it('shares by the weights of patterns and of the forms of one region', () => {
    const forms = [
      {
        ...plain,
        weight: 3,
        patterns: [
          { marks: 'L', weight: 3 },
          { marks: 'LL', weight: 1 },
        ],
      },
      { ...plain, weight: 1 },
    ];
    const syntax = compileSyntax(forms);
    expect(syntax.regions).toEqual(['aa']);
    expect(measureText(syntax, 'A').all[0]).toBeCloseTo((3 / 4) * (3 / 4) * (1 / 2), 12);
    expect(measureText(syntax, 'AB').all[0]).toBeCloseTo((3 / 4) * (1 / 4) * (1 / 4), 12);
    expect(measureText(syntax, 'A5').all[0]).toBeCloseTo((1 / 4) * (1 / 20), 12);
  });

  it('takes characters and words of several lengths from the sets of a form, and leaves out what is not read', () => {
    const sets = { P: ['A', 'BC'], X: '1Z' };
    const syntax = compileSyntax([{ ...plain, sets, patterns: [{ marks: 'P-#|X~q 5', weight: 1 }] }]);
    for (const text of ['A1Q5', 'AZQ5', 'BC1Q5', 'BCZQ5'])
      expect(measureText(syntax, text).all[0]).toBeCloseTo(1 / 4, 12);
    for (const text of ['B1Q5', 'C1Q5', 'A2Q5', 'A1Q6']) expect(measureText(syntax, text).all[0]).toBe(0);
  });

  it('sums to one over all texts of a small world, in every region', () => {
    const forms = [
      {
        ...plain,
        freeShare: 0.25,
        readAs: { B: '1' },
        sets: { X: '01A', W: ['AB', '0'], N: '01' },
        patterns: [
          { marks: 'XLN', weight: 2 },
          { marks: 'W|L', weight: 1 },
          { marks: 'a', weight: 0.5 },
        ],
      },
      {
        ...plain,
        region: 'bb',
        freeShare: 0.1,
        letters: 'A',
        patterns: [{ marks: 'LN', weight: 1 }],
        sets: { N: '1' },
      },
      { ...plain, region: 'bb', weight: 4, freeShare: 1, patterns: [{ marks: 'L', weight: 1 }] },
    ];
    const syntax = compileSyntax(forms, small);
    const sums = syntax.regions.map(() => 0);
    for (const text of listTexts()) {
      for (const [region, p] of measureText(syntax, text).all.entries())
        sums[region] = (sums[region] ?? Number.NaN) + p;
    }
    expect(sums[0]).toBeCloseTo(1, 12);
    expect(sums[1]).toBeCloseTo(1, 12);
  });

  it('finds the look-alike that a region does not carry less probable in a free text', () => {
    const free = { ...plain, freeShare: 1 };
    const even = compileSyntax([free], small);
    const leaning = compileSyntax([{ ...free, readAs: { B: '1' } }], small);
    expect(measureText(even, 'B').all[0]).toBe(measureText(even, '1').all[0]);
    expect(measureText(leaning, 'B').all[0]).toBeLessThan((measureText(leaning, '1').all[0] ?? Number.NaN) / 2);
  });

  it('says which mark of which region has no meaning', () => {
    expect(() => compileSyntax([{ ...plain, patterns: [{ marks: 'LQ', weight: 1 }] }])).toThrow(/"LQ" of aa.*"Q"/);
  });
});
