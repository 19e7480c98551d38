import { describe, expect, it } from 'vitest';
import { combineRegions, expectRegions } from '../../../src/vision/regions/region-prior.ts';
import { compileSyntax } from '../../../src/vision/regions/syntax.ts';

const form = { patterns: [{ marks: 'L', weight: 1 }], letters: 'A', sets: {}, freeShare: 0.1, readAs: {} };
const syntax = compileSyntax([
  { ...form, region: 'fr', weight: 2 },
  { ...form, region: 'us-ca', weight: 3 },
  { ...form, region: 'us-ny', weight: 1 },
  { ...form, region: 'be', weight: 2 },
]);
const at = (values: Float64Array, code: string) => values[syntax.regions.indexOf(code)] ?? Number.NaN;
const sum = (values: Float64Array) => values.reduce((total, p) => total + p, 0);

describe('expectRegions', () => {
  it('follows the weights of the formats where nothing is expected', () => {
    const prior = expectRegions(syntax, { expected: {}, elsewhere: 0 });
    expect([...prior].toSorted()).toEqual([1 / 8, 2 / 8, 2 / 8, 3 / 8]);
  });

  it('restricts to the expected regions, and leaves the others their share', () => {
    const only = expectRegions(syntax, { expected: { fr: 3, be: 1 }, elsewhere: 0 });
    expect([at(only, 'fr'), at(only, 'be'), at(only, 'us-ca')]).toEqual([0.75, 0.25, 0]);
    const most = expectRegions(syntax, { expected: { fr: 1 }, elsewhere: 0.12 });
    expect(at(most, 'fr')).toBeCloseTo(0.88, 12);
    expect(at(most, 'us-ca')).toBeCloseTo((0.12 * 3) / 6, 12);
    expect(sum(most)).toBeCloseTo(1, 12);
  });

  it('takes a country for all its states', () => {
    const prior = expectRegions(syntax, { expected: { us: 1 }, elsewhere: 0 });
    expect([at(prior, 'us-ca'), at(prior, 'us-ny')]).toEqual([0.75, 0.25]);
  });
});

describe('combineRegions', () => {
  const prior = expectRegions(syntax, { expected: {}, elsewhere: 0 });
  const shown = [
    { code: 'fr', score: 0.8 },
    { code: 'be', score: 0.2 },
    { code: 'xx', score: 0.5 },
  ];

  it('multiplies what is expected and what the picture showed', () => {
    const both = combineRegions(syntax, prior, { shown, sharpness: 1, doubt: 0 });
    expect(at(both, 'fr') / at(both, 'be')).toBeCloseTo(4, 9);
    expect(at(both, 'us-ny')).toBe(0);
    expect(sum(both)).toBeCloseTo(1, 12);
  });

  it('rules nothing out where there is doubt, and is sharper with a higher power', () => {
    const doubtful = combineRegions(syntax, prior, { shown, sharpness: 1, doubt: 0.1 });
    expect(at(doubtful, 'us-ny')).toBeGreaterThan(0);
    const sharp = combineRegions(syntax, prior, { shown, sharpness: 2, doubt: 0 });
    expect(at(sharp, 'fr') / at(sharp, 'be')).toBeCloseTo(16, 9);
  });

  it('changes nothing where the picture showed nothing', () => {
    expect(combineRegions(syntax, prior, { shown: [], sharpness: 1, doubt: 0 })).toEqual(prior);
  });
});
