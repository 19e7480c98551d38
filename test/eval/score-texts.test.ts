import { describe, expect, test } from 'vitest';
import { scoreClips } from '../../src/eval/score-clips.ts';
import { HEIGHT_GROUPS, nameHeightGroup, scoreGroups, scoreTexts } from '../../src/eval/score-texts.ts';
import { findPercentile } from '../../src/eval/score-times.ts';
import { makeRecord } from './records.ts';

describe('Texts of a set', () => {
  test('are counted as exact, folded, among three, and by characters: by hand', () => {
    const candidates = ['AB1', 'AB7', 'A81', 'AB2'].map((text) => ({ text, p: 0.25 }));
    const texts = [
      makeRecord('AB1', 'AB1'),
      makeRecord('ABI', 'AB1'),
      makeRecord('AB7', 'AB1', { candidates }),
      makeRecord('AB2', 'AB1', { candidates }),
      makeRecord('AB3', ''),
    ];
    expect(scoreTexts(texts)).toEqual({ n: 5, exact: 1, folded: 2, top3: 2, empty: 1, chars: 15, charErrors: 6 });
  });

  test('never lose more than the characters there are', () => {
    expect(scoreTexts([makeRecord('AB', 'XYZXYZ')])).toMatchObject({ chars: 2, charErrors: 2 });
  });

  test('are grouped by the height of their characters, in order', () => {
    const texts = [30, 7, 5.9, 8, 7.9].map((charHeight) => makeRecord('A', 'A', { charHeight }));
    const groups = scoreGroups(texts, nameHeightGroup, HEIGHT_GROUPS);
    expect(groups.map(({ group, score }) => [group, score.n])).toEqual([
      ['below 6 px', 1],
      ['6–8 px', 2],
      ['8–10 px', 1],
      ['30 px and more', 1],
    ]);
  });
});

describe('Passages', () => {
  test('are right with one event of the right text, doubled with two, missed with none', () => {
    const event = (text: string) => ({ text, confidence: 1 });
    const score = scoreClips([
      { name: 'a', truth: ['A1', 'B2'], events: [event('A1'), event('B2'), event('B2')], seconds: 1 },
      { name: 'b', truth: ['C3'], events: [event('C8')], seconds: 1 },
      { name: 'c', truth: [], events: [event('X'), event('Y')], seconds: 1 },
    ]);
    expect(score).toEqual({
      clips: 3,
      passages: 3,
      right: 1,
      doubled: 1,
      missed: 1,
      strayEvents: 1,
      clipsWithoutPlates: 1,
      falseEvents: 2,
    });
  });
});

describe('Percentiles', () => {
  test('are those of numpy: 3.5 and 7.95 of 3 1 4 1 5 9 2 6', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    expect(findPercentile(values, 0.5)).toBe(3.5);
    expect(findPercentile(values, 0.95)).toBeCloseTo(7.95, 10);
  });
});
