import { expect, test } from 'vitest';
import { drive, placePlate, playScene } from './scene.ts';

const OVERLAY = (n: number) => (n < 120 ? { box: placePlate(8, 6), text: 'CAM05', confidence: 0.99 } : undefined);

test('Text that the camera writes into its picture is no event; a vehicle beside it is one', async () => {
  const { sightings, finals } = await playScene([OVERLAY, drive('AB12345', 40, 60)], 160);
  expect(new Set(sightings.map(({ text }) => text))).toEqual(new Set(['AB12345']));
  expect(finals).toHaveLength(1);
});

test.each([
  ['was not there from the beginning', (n: number) => (n < 20 ? undefined : OVERLAY(n))],
  ['moved', (n: number) => (n < 120 ? { box: placePlate(8 + Math.max(0, n - 90) * 8, 6), text: 'CAM05' } : undefined)],
  ['stands amid the picture', (n: number) => (n < 120 ? { box: placePlate(200, 180), text: 'CAM05' } : undefined)],
  [
    'is on a vehicle',
    (n: number) => {
      const vehicle = { box: { x0: 0, y0: 0, x1: 300, y1: 60 }, class: 'car', score: 0.8 } as const;
      return n < 120 ? { box: placePlate(100, 6), text: 'CAM05', vehicle } : undefined;
    },
  ],
])('A plate that %s is an event', async (_, actor) => {
  const { finals } = await playScene([actor], 500);
  expect(finals.map(({ text }) => text)).toEqual(['CAM05']);
});
