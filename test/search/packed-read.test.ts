import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packRead, unpackRead } from '../../src/search/packed-read.ts';

const probability = fc.double({ min: 0, max: 1, noNaN: true });
const char = fc.constantFrom(...'ABYZ089ÄØ', '');
const read = fc.record({
  chars: fc.array(
    fc.record({ c: char, p: probability, alt: fc.array(fc.record({ c: char, p: probability }), { maxLength: 8 }) }),
    { maxLength: 24 },
  ),
  candidates: fc.array(
    fc.record({ text: fc.array(char, { maxLength: 24 }).map((chars) => chars.join('')), p: probability }),
    { maxLength: 10 },
  ),
});

describe('A packed read', () => {
  test('holds every character, alternative and candidate, probabilities to 6e-7', () => {
    fc.assert(
      fc.property(read, (one) => {
        const { chars, candidates } = unpackRead(packRead(one));
        expect(chars.map(({ c, alt }) => [c, ...alt.map((other) => other.c)])).toEqual(
          one.chars.map(({ c, alt }) => [c, ...alt.map((other) => other.c)]),
        );
        expect(candidates.map(({ text }) => text)).toEqual(one.candidates.map(({ text }) => text));
        const shares = (of: typeof one) => [
          ...of.chars.flatMap(({ p, alt }) => [p, ...alt.map((other) => other.p)]),
          ...of.candidates.map(({ p }) => p),
        ];
        const unpacked = shares({ chars: [...chars], candidates: [...candidates] } as typeof one);
        for (const [at, p] of shares(one).entries()) expect(Math.abs((unpacked[at] ?? 2) - p)).toBeLessThan(6e-7);
      }),
    );
  });

  test('takes white space in a text for nothing, as plates are compared without it', () => {
    const one = { chars: [{ c: ' ', p: 0.5, alt: [{ c: '\t', p: 0.25 }] }], candidates: [{ text: 'AB 12\n', p: 1 }] };
    const { chars, candidates } = unpackRead(packRead(one));
    expect(chars.map(({ c, alt }) => [c, alt.length])).toEqual([['', 1]]);
    expect(candidates).toEqual([{ text: 'AB12', p: 1 }]);
  });

  test('that is none is refused', () => {
    expect(() => unpackRead('KB77XYZ')).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });
});
