import { expect, test } from 'vitest';
import { quartersAround } from '../../../src/vision/detect/quarters.ts';

const picture = { width: 1280, height: 720 };
const at = (x: number, y: number) => ({ x0: x - 20, y0: y - 6, x1: x + 20, y1: y + 6 });

test('a quarter of the picture lies around a box, within the picture', () => {
  expect(quartersAround(picture, [at(640, 360)])).toEqual([{ x0: 320, y0: 180, x1: 960, y1: 540 }]);
  expect(quartersAround(picture, [at(30, 700)])).toEqual([{ x0: 0, y0: 360, x1: 640, y1: 720 }]);
});

test('boxes near each other share a quarter, and many far ones take the whole picture', () => {
  expect(quartersAround(picture, [at(640, 360), at(700, 400), at(400, 500)])).toHaveLength(1);
  expect(quartersAround(picture, [at(100, 100), at(1200, 600)])).toHaveLength(2);
  const corners = [at(100, 100), at(1200, 100), at(100, 600), at(1200, 600)];
  expect(quartersAround(picture, corners)).toEqual([{ x0: 0, y0: 0, x1: 1280, y1: 720 }]);
  expect(quartersAround(picture, [])).toEqual([]);
});
