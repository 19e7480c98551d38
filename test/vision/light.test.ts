import { expect, test } from 'vitest';
import { createView } from '../../src/camera/simulator/projection.ts';
import { renderScene } from '../../src/camera/simulator/scene.ts';
import type { Image } from '../../src/vision/image.ts';
import { LightMeter, measureBrightness } from '../../src/vision/light.ts';

const SIZE = { width: 640, height: 360 };
const view = createView(SIZE, 2);

function tell(...images: readonly Image[]): string {
  const meter = new LightMeter();
  for (const image of images) meter.add(measureBrightness(image));
  return meter.light;
}

test('A rendered road is day by day and night by night', async () => {
  for (const seed of [1, 7, 42]) {
    const scene = await renderScene(view, seed);
    const at = (daylight: number): Image => ({ kind: 'yuv420p', ...SIZE, data: scene.at(daylight).slice() });
    expect([tell(at(1)), tell(at(0)), tell(at(1), at(1), at(0))]).toEqual(['day', 'night', 'day']);
  }
});

test('A picture without colour is one of an infrared camera, however bright, in either layout', () => {
  const grey = new Uint8Array(64 * 36 * 3).fill(140);
  const yuv = new Uint8Array((64 * 36 * 3) / 2).fill(128, 64 * 36).fill(140, 0, 64 * 36);
  expect(tell({ kind: 'rgb24', width: 64, height: 36, data: grey })).toBe('night');
  expect(tell({ kind: 'yuv420p', width: 64, height: 36, data: yuv })).toBe('night');
});

test('Brightness is the same in both layouts, and that of the colours of BT.601', () => {
  // ITU-R BT.601: full red in limited range is Y 81, Cb 90, Cr 240.
  const red = new Uint8Array(64 * 36 * 3).map((_, at) => (at % 3 === 0 ? 255 : 0));
  const yuv = new Uint8Array((64 * 36 * 3) / 2).fill(81, 0, 64 * 36).fill(90, 64 * 36, (64 * 36 * 5) / 4);
  yuv.fill(240, (64 * 36 * 5) / 4);
  for (const image of [
    { kind: 'rgb24', width: 64, height: 36, data: red },
    { kind: 'yuv420p', width: 64, height: 36, data: yuv },
  ] as const) {
    const { luma, colour } = measureBrightness(image);
    expect(Math.abs(luma - 76)).toBeLessThan(2);
    expect(Math.abs(colour - 255)).toBeLessThan(3);
  }
});
