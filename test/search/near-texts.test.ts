import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editBudget, listDeletions } from '../../src/search/near-texts.ts';

const few = (most: number) =>
  fc.array(fc.constantFrom('A', '1', '2'), { maxLength: most }).map((chars) => chars.join(''));

describe('Near texts', () => {
  test.each([
    ['ABC', ['ABC']],
    ['ABCD', ['ABCD', 'BCD', 'ACD', 'ABD', 'ABC']],
  ])('of %s deletions leave %j', (text, left) => {
    expect(listDeletions(text).toSorted()).toEqual(left.toSorted());
  });

  test.each([
    [7, 1 + 7 + 21],
    [8, 1 + 8 + 28],
    [10, 1 + 10 + 45],
  ])('of %i different characters deletions leave %i texts', (length, count) => {
    expect(listDeletions('ABCDEFGHIJ'.slice(0, length))).toHaveLength(count);
  });

  test('always leave one text in common with the query, whatever was substituted, missing or added', () => {
    const edit = fc.record({
      at: fc.nat(12),
      kind: fc.constantFrom('put', 'drop', 'add'),
      char: fc.constantFrom('A', '7'),
    });
    fc.assert(
      fc.property(few(9), fc.array(edit, { maxLength: 2 }), (query, edits) => {
        let text = query;
        for (const { at, kind, char } of edits.slice(0, editBudget(query.length))) {
          const [before, after] = [text.slice(0, at), text.slice(at)];
          text = before + (kind === 'drop' ? '' : char) + (kind === 'add' ? after : after.slice(1));
        }
        const left = new Set(listDeletions(query));
        expect(listDeletions(text).some((one) => left.has(one))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
