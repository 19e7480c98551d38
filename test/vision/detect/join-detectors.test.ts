import { expect, it } from 'vitest';
import type { Detector } from '../../../src/vision/detect/detector.ts';
import { joinDetectors } from '../../../src/vision/detect/join-detectors.ts';
import type { Detection, DetectionClass } from '../../../src/vision/detection.ts';
import { paintRgb } from '../pictures.ts';

const find = (name: DetectionClass, score: number): Detection => ({
  box: { x0: 0, y0: 0, x1: 9, y1: 9 },
  class: name,
  score,
});
const plates: Detector = { highScore: 0.6, detect: async () => [find('plate', 0.9), find('car', 0.8)] };
const vehicles: Detector = { highScore: 0.3, detect: async () => [find('truck', 0.7), find('plate', 0.5)] };
const image = paintRgb(10, 10, [0, 0, 0]);

it('takes plates from the first detector and vehicles from the second', async () => {
  const joined = joinDetectors(plates, vehicles);
  expect(joined.highScore).toBe(0.6);
  expect((await joined.detect({ image })).map((found) => found.class)).toEqual(['plate', 'truck']);
});

it('looks at half the size for plates alone', async () => {
  const found = await joinDetectors(plates, vehicles).detect({ image, zoom: 0.5 });
  expect(found.map(({ class: name }) => name)).toEqual(['plate']);
});
