import { describe, expect, test } from 'vitest';
import { alignTexts, countEdits } from '../../src/eval/align-texts.ts';
import { countConfusions } from '../../src/eval/confusion.ts';
import { foldText, normalizeSaid, normalizeTruth } from '../../src/eval/normalize-truth.ts';
import { makeRecord } from './records.ts';

/** Pairs as `truth>read`, `-` for nothing. */
const show = (truth: string, read: string) =>
  alignTexts(truth, read)
    .map((pair) => `${pair.truth || '-'}>${pair.read || '-'}`)
    .join(' ');

describe('The alignment of a text with its truth', () => {
  test.each([
    ['AB12', 'AB12', 'A>A B>B 1>1 2>2'],
    ['AB12', 'A812', 'A>A B>8 1>1 2>2'],
    ['AB12', 'A12', 'A>A B>- 1>1 2>2'],
    ['AB12', 'AB112', 'A>A B>B ->1 1>1 2>2'],
    ['', 'X', '->X'],
    ['X', '', 'X>-'],
  ])('%s read as %s, by hand', (truth, read, expected) => {
    expect(show(truth, read)).toBe(expected);
  });

  test.each([
    ['kitten', 'sitting', 3],
    ['saturday', 'sunday', 3],
    ['flaw', 'lawn', 2],
    ['', '', 0],
  ])('takes from %s to %s the edits of the textbooks: %i', (truth, read, edits) => {
    expect(countEdits(truth, read)).toBe(edits);
  });
});

describe('Confused characters', () => {
  test('are counted with insertions and deletions, texts not read at all left out', () => {
    const texts = [makeRecord('B8', '88'), makeRecord('B8', 'B'), makeRecord('B8', 'B81'), makeRecord('ZZ', '')];
    const counts = Object.fromEntries(
      countConfusions(texts).map(({ truth, read, count }) => [`${truth}>${read}`, count]),
    );
    expect(counts).toEqual({ 'B>B': 2, '8>8': 2, 'B>8': 1, '8>': 1, '>1': 1 });
  });
});

describe('Texts are compared', () => {
  test('in upper case, without separators, and the truth without characters that the reader does not know', () => {
    expect(normalizeTruth('b·ab 12-c', undefined)).toBe('BAB12C');
    expect(normalizeTruth('皖A·948W', '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')).toBe('A948W');
    expect(normalizeTruth('Ö 1', undefined)).toBe('Ö1');
    expect(normalizeSaid('Ö 1', 'O1')).toBe('O1');
    expect(normalizeSaid('Ö 1', 'Ü1')).toBe('Ö1');
  });

  test('with O as 0 and I as 1 when they are folded', () => {
    expect(foldText('IOU10')).toBe('10U10');
  });
});
