import { expect, test } from 'vitest';
import { isMasked, type Polygon } from '../../src/vision/ignore-mask.ts';
import { drive, placePlate, playScene } from './scene.ts';

const PICTURE = { width: 1000, height: 500 };
/** A triangle over the right upper half of the picture, and a strip along its lower edge. */
const AREAS: readonly Polygon[] = [
  [
    [0, 0],
    [1, 0],
    [1, 1],
  ],
  [
    [0, 0.9],
    [1, 0.9],
    [1, 1],
    [0, 1],
  ],
];
const at = (x: number, y: number) => ({ x0: x - 20, y0: y - 5, x1: x + 20, y1: y + 5 });

test.each([
  ['in the triangle', at(700, 100), true],
  ['left of the diagonal', at(300, 300), false],
  ['in the strip', at(100, 480), true],
  ['above the strip', at(100, 440), false],
])('A plate %s', (_, box, masked) => {
  expect(isMasked(box, PICTURE, AREAS)).toBe(masked);
});

test('Plates in an ignored area are neither followed nor read', async () => {
  const overlay = (n: number) => (n < 40 ? { box: placePlate(10, 5), text: 'CAM05' } : undefined);
  const ignore: readonly Polygon[] = [(AREAS[1] ?? []).map(([x, y]): [number, number] => [x, 1 - y])];
  const { finals, observations } = await playScene([overlay, drive('AB12345', 5, 25)], 60, {}, undefined, ignore);
  expect(finals.map(({ text }) => text)).toEqual(['AB12345']);
  expect(observations.flatMap(({ tracks }) => tracks.map(({ text }) => text))).not.toContain('CAM05');
});
