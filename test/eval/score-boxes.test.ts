import { describe, expect, test } from 'vitest';
import { matchBoxes } from '../../src/eval/match-boxes.ts';
import { measureAveragePrecision, scoreBoxes, scoreCorners } from '../../src/eval/score-boxes.ts';
import { mapQuad, toQuad } from '../../src/vision/geometry.ts';

const box = (x0: number, y0: number, x1: number, y1: number) => ({ x0, y0, x1, y1 });

describe('Detections are matched to labels', () => {
  test('one to one: the second detection of a plate is false, whatever its overlap', () => {
    const truth = [{ box: box(0, 0, 10, 10) }];
    const found = [
      { box: box(0, 0, 10, 10), score: 0.8 },
      { box: box(0, 0, 10, 9), score: 0.9 },
    ];
    expect(matchBoxes(truth, found, 0.5).map(({ found: { score }, truth: at }) => [score, at])).toEqual([
      [0.9, 0],
      [0.8, -1],
    ]);
  });

  test('by score first, each to the free label that it overlaps most', () => {
    const truth = [{ box: box(0, 0, 10, 10) }, { box: box(4, 0, 14, 10) }];
    const found = [
      { box: box(1, 0, 11, 10), score: 0.7 },
      { box: box(3, 0, 13, 10), score: 0.6 },
    ];
    expect(matchBoxes(truth, found, 0.5).map(({ truth: at }) => at)).toEqual([0, 1]);
  });

  test('at an overlap of exactly the limit, and not below it', () => {
    const truth = [{ box: box(0, 0, 10, 10) }];
    const half = [{ box: box(0, 0, 10, 5), score: 1 }];
    expect(matchBoxes(truth, half, 0.5)[0]?.truth).toBe(0);
    expect(matchBoxes(truth, half, 0.51)[0]?.truth).toBe(-1);
  });
});

describe('Average precision', () => {
  test('is 24.57 % on the published example of 24 detections and 15 objects (Padilla et al. 2020)', () => {
    const right = new Set([1, 3, 10, 12, 13, 14, 23]);
    const detections = Array.from({ length: 24 }, (_, at) => ({ score: 1 - at / 100, right: right.has(at + 1) }));
    expect(measureAveragePrecision(detections, 15)).toBeCloseTo(0.2457, 4);
  });

  test('is 1 when all are found and nothing else, 0 when nothing is', () => {
    expect(measureAveragePrecision([{ score: 0.5, right: true }], 1)).toBe(1);
    expect(measureAveragePrecision([], 3)).toBe(0);
  });
});

describe('Boxes of a set', () => {
  test('count recall and precision at the threshold and AP over all scores', () => {
    const search = {
      class: 'plate' as const,
      truth: [{ box: box(0, 0, 10, 10) }, { box: box(20, 0, 30, 10) }],
      found: [
        { box: box(0, 0, 10, 10), score: 0.9 },
        { box: box(50, 50, 60, 60), score: 0.8 },
        { box: box(20, 0, 30, 10), score: 0.3 },
      ],
    };
    const [atHalf, at70] = scoreBoxes([search], 0.5);
    expect(atHalf).toMatchObject({ truth: 2, matched: 1, reported: 2, iou: 0.5 });
    expect(atHalf?.averagePrecision).toBeCloseTo((1 + 2 / 3) / 2, 10);
    expect(at70).toMatchObject({ matched: 1, iou: 0.7 });
  });

  test('leave classes out that nobody labelled', () => {
    expect(scoreBoxes([{ class: 'bus', truth: [], found: [{ box: box(0, 0, 9, 9), score: 1 }] }], 0.5)).toEqual([]);
  });

  test('measure corners in pixels and as a share of the width, by hand 5 px of 100', () => {
    const corners = toQuad(box(0, 0, 100, 20));
    const moved = mapQuad(corners, ({ x, y }) => ({ x: x + 3, y: y + 4 }));
    const truth = [{ box: box(0, 0, 100, 20), corners }];
    const found = [{ box: box(0, 0, 100, 20), score: 1, corners: moved }];
    expect(scoreCorners([{ class: 'plate', truth, found }])).toEqual({ n: 1, px: 5, shareOfWidth: 0.05 });
  });
});
