import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/base/random.ts';
import { assign } from '../../../src/vision/track/assignment.ts';
import { BoxFilter } from '../../../src/vision/track/kalman.ts';

function toCosts(rows: readonly (readonly number[])[]) {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, data: new Float64Array(rows.flat()) };
}

/** Least cost over every possible assignment, unmatched rows and columns costing half the limit each. */
function searchAll(rows: readonly (readonly number[])[], limit: number): number {
  const columns = rows[0]?.length ?? 0;
  const search = ([row, ...others]: typeof rows, used: ReadonlySet<number>): number => {
    if (row === undefined) return ((columns - used.size) * limit) / 2;
    const paired = row.map((cost, column) =>
      used.has(column) ? Number.POSITIVE_INFINITY : cost + search(others, new Set([...used, column])),
    );
    return Math.min(limit / 2 + search(others, used), ...paired);
  };
  return search(rows, new Set());
}

describe('assign', () => {
  it('prefers the best whole over the best pair', () => {
    expect(
      assign(
        toCosts([
          [0.1, 0.2],
          [0.2, 0.9],
        ]),
        1,
      ),
    ).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it('leaves apart what costs the limit or more', () => {
    expect(
      assign(
        toCosts([
          [0.8, 0.3],
          [0.9, 0.8],
        ]),
        0.8,
      ),
    ).toEqual([[0, 1]]);
    expect(assign(toCosts([[Infinity]]), 0.8)).toEqual([]);
    expect(assign({ rows: 0, columns: 5, data: new Float64Array(0) }, 1)).toEqual([]);
    expect(assign({ rows: 3, columns: 0, data: new Float64Array(0) }, 1)).toEqual([]);
  });

  it('costs as little as the best of all assignments', () => {
    const { next: draw } = createRandom(7);
    for (let round = 0; round < 200; round += 1) {
      const [height, width] = [1 + Math.floor(draw() * 5), 1 + Math.floor(draw() * 5)];
      const rows = Array.from({ length: height }, () => Array.from({ length: width }, draw));
      const matches = assign(toCosts(rows), 0.7);
      const paid = matches.reduce((sum, [row, column]) => sum + (rows[row]?.[column] ?? Number.NaN), 0);
      expect(new Set(matches.map(([, column]) => column)).size).toBe(matches.length);
      expect(paid + ((height + width - 2 * matches.length) * 0.7) / 2).toBeCloseTo(searchAll(rows, 0.7), 9);
    }
  });
});

describe('BoxFilter', () => {
  it('learns a constant speed and predicts on', () => {
    const filter = new BoxFilter({ x0: 0, y0: 0, x1: 100, y1: 50 });
    for (let frame = 1; frame <= 40; frame += 1) {
      filter.predict();
      filter.update({ x0: frame * 5, y0: frame * -2, x1: 100 + frame * 5, y1: 50 + frame * -2 });
    }
    expect(filter.speed.x).toBeCloseTo(5, 1);
    expect(filter.speed.y).toBeCloseTo(-2, 1);
    filter.predict(3);
    expect(filter.box.x0).toBeCloseTo(215, 0);
  });

  it('takes one step of the published filter by hand', () => {
    // Height 40: position deviation 2·40/20 = 4 at first, then +(40/20)² and the speed's (10·40/160)² on predicting.
    const filter = new BoxFilter({ x0: -20, y0: -20, x1: 20, y1: 20 });
    filter.predict();
    filter.update({ x0: -10, y0: -20, x1: 30, y1: 20 });
    const variance = 16 + 6.25 + 4;
    const gain = variance / (variance + 4);
    expect((filter.box.x0 + filter.box.x1) / 2).toBeCloseTo(10 * gain, 9);
    expect(filter.speed.x).toBeCloseTo((10 * 6.25) / (variance + 4), 9);
  });
});
