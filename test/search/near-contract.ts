import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/base/random.ts';
import { makeEvent } from '../store/make-event.ts';
import type { SearchFixture } from './search-contract.ts';

/** Levenshtein's distance by its plain recursive definition, over texts whose look-alikes are made one. */
function distanceByDefinition(a: string, b: string): number {
  const memo = new Map<string, number>();
  const at = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i},${j}`;
    const known = memo.get(key);
    if (known !== undefined) return known;
    const same = a[i - 1] === b[j - 1] ? 0 : 1;
    const value = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same);
    memo.set(key, value);
    return value;
  };
  return at(a.length, b.length);
}

const ALIKE = ['0OQD', '1I', '2Z', '5S', '8B', '6G'];
const unify = (text: string) => [...text].map((c) => ALIKE.find((group) => group.includes(c))?.[0] ?? c).join('');

/** So many texts of few characters that many are near to each other; the same in every run. */
function makeTexts(): readonly string[] {
  const { below: next } = createRandom(42);
  const letters = 'ABDO0128IZÜ';
  const texts = Array.from({ length: 2500 }, () =>
    Array.from({ length: 4 + next(6) }, () => letters[next(letters.length)]).join(''),
  );
  return [...new Set(texts)];
}

/** Finding near texts. */
export function testNear(open: () => SearchFixture): void {
  describe('near texts', () => {
    const texts = makeTexts();
    beforeAll(() => open().write(texts.map((text) => ({ ...makeEvent({ text }), site_id: 'near' }))));

    test.each([
      ['AB1', 0],
      ['AB12', 1],
      ['A1B2D', 1],
      ['11AAAA', 1],
      ['AB12OA', 1],
      ['A0B1Z2A', 2],
      ['DD88II1', 2],
      ['2121ABAB', 2],
      ['00ABIZAB1', 2],
      ['ÜB12OA1', 2],
    ])('of %s are exactly those that comparing with every text finds within %i edits', async (q, budget) => {
      const expected = texts.filter((text) => distanceByDefinition(unify(q), unify(text)) <= budget);
      for (const mode of ['fuzzy', 'likelihood'] as const) {
        const { results } = await open().search.search({ scope: undefined, q, mode, site: 'near', limit: 3000 });
        const found = results.map(({ event }) => event.plate.text_normalized);
        expect(found.toSorted()).toEqual(expected.toSorted());
        expect(found.length).toBeLessThan(500);
      }
    });
  });
}
