import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MotionPath, type PathPoint } from '../../src/vision/fuse/motion-path.ts';
import { findCrossings, type Line, measureStays, type Zone } from '../../src/vision/markings.ts';

const SIZE = { width: 1000, height: 500 };
const ACROSS: Line = {
  id: 'gate',
  points: [
    [0.2, 0.5],
    [0.8, 0.5],
  ],
  directions: ['in', 'out'],
};
const YARD: Zone = {
  id: 'yard',
  area: [
    [0.2, 0.2],
    [0.8, 0.2],
    [0.8, 0.6],
    [0.2, 0.6],
  ],
};

/** A way through points of the picture, one each 100 ms, with a plate of 80 × 20 pixels. */
function wayOf(...points: readonly (readonly [x: number, y: number])[]): readonly PathPoint[] {
  return points.map(([x, y], index) => ({ t: index * 100, x, y, w: 80, h: 20 }));
}

const crossed = (way: readonly PathPoint[], line = ACROSS) =>
  findCrossings(way, [line], SIZE).map(({ direction }) => direction);

describe('A line', () => {
  test.each([
    ['from above to below', wayOf([500, 100], [500, 400]), ['in']],
    ['from below to above', wayOf([500, 400], [500, 100]), ['out']],
    ['there and back', wayOf([500, 100], [500, 400], [520, 100]), ['in', 'out']],
    ['beside its end', wayOf([100, 100], [100, 400]), []],
    ['touched and left', wayOf([500, 100], [500, 255], [500, 100]), []],
    [
      'with plates that tremble on it',
      wayOf([500, 100], [500, 248], [500, 253], [500, 246], [500, 255], [500, 400]),
      ['in'],
    ],
    ['around its end and back across it', wayOf([500, 100], [100, 100], [100, 400], [500, 400], [500, 100]), ['out']],
    ['by a plate that is first seen on it', wayOf([500, 250], [500, 400]), []],
  ])('%s', (_, way, expected) => {
    expect(crossed(way)).toEqual(expected);
  });

  test('is crossed at the moment at which the plate was on it', () => {
    expect(findCrossings(wayOf([500, 150], [500, 350]), [ACROSS], SIZE)).toEqual([
      { line: 'gate', direction: 'in', t: 50 },
    ]);
  });

  const x = fc.integer({ min: 210, max: 790 });
  const above = fc.tuple(x, fc.integer({ min: 0, max: 235 }));
  const below = fc.tuple(x, fc.integer({ min: 265, max: 500 }));
  const anywhere = fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 500 }));

  test('is crossed as often as sides change, whatever plates tremble', () => {
    const legs = fc.array(fc.tuple(fc.boolean(), above, below), { minLength: 1, maxLength: 30 });
    const trembling = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(legs, trembling, (sides, shakes) => {
        const points = sides.map(([isAbove, up, down], index): readonly [number, number] => {
          const [px, py] = isAbove ? up : down;
          return [px, py + (shakes[index] ?? 0)];
        });
        const expected = sides.flatMap(([isAbove], index) => {
          const before = sides[index - 1]?.[0];
          return before === undefined || before === isAbove ? [] : [isAbove ? 'out' : 'in'];
        });
        expect(crossed(wayOf(...points))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('that is drawn the other way round has its directions the other way round, on any way', () => {
    const turned: Line = { ...ACROSS, points: [ACROSS.points[1], ACROSS.points[0]], directions: ['out', 'in'] };
    const line = fc.tuple(anywhere, anywhere).map(
      ([a, b]): Line => ({
        ...ACROSS,
        points: [
          [a[0] / SIZE.width, a[1] / SIZE.height],
          [b[0] / SIZE.width, b[1] / SIZE.height],
        ],
      }),
    );
    expect(crossed(wayOf([500, 100], [500, 400]), turned)).toEqual(['in']);
    const end = [0.132, 0.008] as const;
    const throughAnEnd: [[number, number][], Line] = [
      [
        [0, 4],
        [143, 4],
      ],
      { ...ACROSS, points: [[0, 0.61], end] },
    ];
    fc.assert(
      fc.property(fc.array(anywhere, { maxLength: 30 }), line, (points, one) => {
        const [way, [a, b], [to, back]] = [wayOf(...points), one.points, one.directions];
        const found = crossed(way, one);
        expect(crossed(way, { ...one, points: [b, a], directions: [back, to] })).toEqual(found);
        // Nobody goes in twice without going out or around the end, and back home means as often in as out or around.
        expect(found.length).toBeLessThanOrEqual(Math.max(0, points.length - 1));
      }),
      { numRuns: 1000, examples: [throughAnEnd] },
    );
  });
});

describe('A zone', () => {
  test('holds a plate for the time that its centre was inside, also between two looks', () => {
    expect(measureStays(wayOf([500, 0], [500, 200], [500, 400]), [YARD], SIZE)[0]?.dwellMs).toBeCloseTo(100);
    expect(measureStays(wayOf([0, 200], [1000, 200]), [YARD], SIZE)[0]?.dwellMs).toBeCloseTo(60);
    expect(measureStays(wayOf([0, 400], [1000, 400]), [YARD], SIZE)).toEqual([]);
  });

  test('and what is beside it share all of the time, on any way', () => {
    const outside: Zone = { id: 'outside', area: [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0], ...YARD.area, [0.2, 0.2]] };
    const anywhere = fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 499 }));
    fc.assert(
      fc.property(fc.array(anywhere, { minLength: 2, maxLength: 30 }), (points) => {
        const stays = measureStays(wayOf(...points), [YARD, outside], SIZE);
        const sum = stays.reduce((ms, { dwellMs }) => ms + dwellMs, 0);
        expect(sum).toBeCloseTo(100 * (points.length - 1), 3);
      }),
      { numRuns: 1000 },
    );
  });

  test('holds a parked car longer and longer, and knows when it left after hours', () => {
    const path = new MotionPath(2000);
    const add = (t: number, y: number) => path.add({ x0: 460, y0: y - 10, x1: 540, y1: y + 10 }, t);
    const dwell = () => Math.round((measureStays(path.way, [YARD], SIZE)[0]?.dwellMs ?? 0) / 1000);
    for (let t = 0; t <= 10_000; t += 100) add(t, 400 - t / 50);
    const before = dwell();
    const dwells: number[] = [];
    for (let second = 11; second <= 4 * 3600; second += 1) {
      add(second * 1000, 200 + (second % 3));
      if (second % 3600 === 0) dwells.push(dwell() - before);
    }
    expect(dwells).toEqual([3590, 7190, 10_790, 14_390]);
    for (let t = 0; t <= 10_000; t += 100) add(4 * 3_600_000 + 1000 + t, 200 + t / 50);
    expect(dwell() - before - 14_390).toBeGreaterThanOrEqual(5);
    expect(dwell() - before - 14_390).toBeLessThanOrEqual(7);
    expect(
      findCrossings(path.way, [ACROSS], SIZE).map(({ direction, t }) => [direction, Math.round(t / 1000)]),
    ).toEqual([
      ['out', 8],
      ['in', 14_404],
    ]);
    expect(path.way.length).toBeLessThan(600);
  });
});
