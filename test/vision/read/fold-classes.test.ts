import { describe, expect, it } from 'vitest';
import { foldClasses, mapClasses } from '../../../src/vision/read/fold-classes.ts';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

describe('mapClasses', () => {
  it.each([
    ['lower case as upper', ['a', 'z'], [11, 36]],
    ['accents as the plain letter', ['É', 'ü', 'Ō'], [15, 31, 25]],
    ['full-width forms as the usual ones', ['７', 'Ｋ'], [8, 21]],
    ['what plates do not bear as none', ['', '-', '·', ' ', '京', 'Я', '12', '\u2028'], [0, 0, 0, 0, 0, 0, 0, 0]],
  ])('counts %s', (_, characters, expected) => {
    expect([...mapClasses(characters, LETTERS)]).toEqual(expected);
  });

  it('keeps umlauts where the alphabet has them, wherever it has them', () => {
    for (const alphabet of ['AÄUÜ', 'ÜUÄA']) {
      const letters = [...mapClasses(['ü', 'Ü', 'U', 'É', 'Ä'], alphabet)].map((place) => alphabet[place - 1]);
      expect(letters).toEqual(['Ü', 'Ü', 'U', undefined, 'Ä']);
    }
  });

  it('keeps other scripts where the alphabet has them', () => {
    expect([...mapClasses(['京', 'A'], 'A京')]).toEqual([2, 1]);
  });
});

describe('foldClasses', () => {
  it('adds the probabilities of classes that are one character', () => {
    const map = mapClasses(['', 'a', 'A', '-', 'B'], 'AB');
    const { data, rows, classes } = foldClasses(Float32Array.of(0.1, 0.2, 0.3, 0.15, 0.25), map, 'AB');
    expect([rows, classes]).toEqual([1, 3]);
    expect([...data].map((p) => Number(p.toFixed(4)))).toEqual([0.25, 0.5, 0.25]);
  });

  it('takes the softmax of raw scores, by hand e² : e : e = 0.5761 : 0.2119 : 0.2119', () => {
    const { data } = foldClasses(Float32Array.of(2, 1, 1), mapClasses(['', 'A', 'B'], 'AB'), 'AB');
    expect([...data].map((p) => Number(p.toFixed(4)))).toEqual([0.5761, 0.2119, 0.2119]);
  });
});
