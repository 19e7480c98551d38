import { describe, expect, test } from 'vitest';
import { readFont } from '../../../src/camera/simulator/font.ts';

/** Advance and outlined area of letters, over the height of an H, as fontTools 4.68 measures them. */
const MEASURED = [
  [
    'D-DINCondensed-Bold.ttf',
    { H: [0.6667, 0.3866], O: [0.6783, 0.3853], '8': [0.5942, 0.3766], '1': [0.4246, 0.2097] },
  ],
  ['D-DIN-Bold.ttf', { H: [0.8826, 0.4345], O: [0.8696, 0.435], '8': [0.7609, 0.4177], '1': [0.5043, 0.2248] }],
] as const;

describe('The outlines of a font', () => {
  test.for(MEASURED)('of %s are those that fontTools reads', async ([name, letters]) => {
    const font = await readFont(new URL(`../../../src/camera/simulator/fonts/${name}`, import.meta.url));
    expect(font.size).toBe(36);
    for (const [letter, [advance, area]] of Object.entries(letters)) {
      expect(font.get(letter)?.advance).toBeCloseTo(advance, 3);
      expect(Math.abs(measureArea(font.get(letter)?.path ?? ''))).toBeCloseTo(area, 3);
    }
  });
});

/** Green's theorem over lines and quadratic curves: a curve adds two thirds of the triangle with its control point. */
function measureArea(path: string): number {
  let twice = 0;
  let [x, y] = [0, 0];
  const cross = (ax: number, ay: number, bx: number, by: number) => ax * by - bx * ay;
  for (const [, command, numbers = ''] of path.matchAll(/([MLQZ])([^MLQZ]*)/g)) {
    const values = numbers.trim().split(' ').map(Number);
    const [ex = 0, ey = 0] = values.slice(-2);
    if (command === 'Z') continue;
    if (command === 'L') twice += cross(x, y, ex, ey);
    if (command === 'Q') {
      const [cx = 0, cy = 0] = values;
      const triangle = cross(x, y, cx, cy) + cross(cx, cy, ex, ey) - cross(x, y, ex, ey);
      twice += cross(x, y, ex, ey) + (triangle * 2) / 3;
    }
    [x, y] = [ex, ey];
  }
  return twice / 2;
}
