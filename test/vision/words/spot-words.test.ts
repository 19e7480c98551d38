import { describe, expect, test } from 'vitest';
import { compareClasses, spellWord, spotWord } from '../../../src/vision/words/spot-words.ts';

const ALPHABET = 'ABC';

/** Columns of the classes blank, A, B, C: the named one has 0.7, the others 0.1. */
function say(columns: string): Float64Array {
  const rows = [...columns].flatMap((char) => [...'-ABC'].map((other) => (other === char ? 0.7 : 0.1)));
  return compareClasses(Float32Array.from(rows), 4);
}

const spot = (word: string, columns: string) => spotWord(spellWord(word, ALPHABET), say(columns), 4);

describe('spotWord', () => {
  test('gives 0 for a word that is read, wherever it stands and however wide its letters are', () => {
    for (const columns of ['AB', 'A-B', 'CC-AAB-C', '--AABB']) expect(spot('AB', columns)).toBeCloseTo(0, 6);
  });

  // Each column that must say something else than what is read costs ln 7.
  test.each([
    ['one letter is another', 'ABA', 'ABC', 1],
    ['two letters are others', 'ABA', 'CBC', 2],
    ['twins without a blank between them', 'AA', 'AAA', 1],
    ['twins with a blank between them', 'AA', 'A-A', 0],
    ['a letter too many in between', 'AB', 'ACB', 1],
  ])('counts what is different: %s', (_, word, columns, others) => {
    expect(spot(word, columns)).toBeCloseTo(-others * Math.log(7), 5);
  });

  test('gives nothing for a word longer than the columns', () => {
    expect(spot('ABCA', 'ABC')).toBe(-Infinity);
  });
});

test('spellWord leaves out what the alphabet lacks', () => {
  expect(spellWord("A b-c's", ALPHABET)).toEqual([1, 2, 3]);
});
