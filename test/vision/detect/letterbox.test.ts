import { describe, expect, it } from 'vitest';
import { chooseInputSize, Letterbox } from '../../../src/vision/detect/letterbox.ts';
import { planAxis, planRows } from '../../../src/vision/detect/plan-axis.ts';
import { resamplePlane } from '../../../src/vision/detect/resample.ts';
import { findLargestDifference, opencv, paintRgb, paintWaves, paintYuv } from '../pictures.ts';

describe('resamplePlane', () => {
  for (const name of ['shrink', 'shrinkBilinear', 'halve', 'grow'] as const) {
    it(`resizes like OpenCV: ${name}`, () => {
      const { source, target, pixels } = opencv[name];
      const kind = name === 'shrinkBilinear' ? 'bilinear' : 'area';
      const columns = planAxis(source[0], target[0], kind);
      const rows = planRows(source[1], target[1], kind);
      const result = new Uint8Array(target[0] * target[1] * 3);
      const scratch = new Uint16Array(source[0] * 3 + 1);
      const where = { target: result, targetOffset: 0, targetStride: target[0] * 3 };
      resamplePlane({ source: paintWaves(source[0], source[1]).data, channels: 3, columns, rows, scratch, ...where });
      expect(findLargestDifference(result, pixels)).toBeLessThanOrEqual(1);
    });
  }

  it('blends four bytes at once as it blends them one by one', () => {
    const { data } = paintWaves(100, 90);
    const shifted = new Uint8Array(data.length + 1);
    shifted.set(data, 1);
    for (const [width, height] of [
      [64, 60],
      [23, 17],
      [150, 130],
    ] as const) {
      const [columns, rows] = [planAxis(100, width), planRows(90, height)];
      const [whole, single] = [data, shifted.subarray(1)].map((source) => {
        const target = new Uint8Array(width * height * 3);
        const where = { target, targetOffset: 0, targetStride: width * 3 };
        resamplePlane({ source, channels: 3, columns, rows, scratch: new Uint16Array(300), ...where });
        return target;
      });
      expect(findLargestDifference(whole ?? [], single ?? [1])).toBe(0);
    }
  });
});

describe('Letterbox', () => {
  it('leaves the rest of the target grey and tells the way back', () => {
    const { image, scale, offsetX, offsetY } = new Letterbox().fit(paintRgb(100, 50, [10, 20, 30]), {
      width: 64,
      height: 64,
    });
    expect([scale, offsetX, offsetY]).toEqual([0.64, 0, 0]);
    expect([...image.data.subarray(0, 3)]).toEqual([10, 20, 30]);
    expect([...image.data.subarray((31 * 64 + 63) * 3, (31 * 64 + 64) * 3)]).toEqual([10, 20, 30]);
    expect([...image.data.subarray(32 * 64 * 3, 32 * 64 * 3 + 3)]).toEqual([114, 114, 114]);
    expect([...image.data.subarray(-3)]).toEqual([114, 114, 114]);
  });

  for (const [name, picture] of [
    ['an RGB picture', paintRgb(100, 50, [200, 200, 200])],
    ['a video frame', paintYuv(100, 50, [180, 128, 128])],
  ] as const) {
    it(`lays ${name} in the middle where the network wants it there`, () => {
      const letterbox = new Letterbox({ place: 'centre', padding: 7, resample: 'area' });
      const { image, scale, offsetX, offsetY } = letterbox.fit(picture, { width: 64, height: 64 });
      expect([scale, offsetX, offsetY]).toEqual([0.64, 0, 16]);
      const column = Array.from({ length: 64 }, (_, y) => image.data[y * 64 * 3] ?? 0);
      const seen = column.map((value) => (value > 100 ? 'picture' : value));
      expect(seen).toEqual([...Array(16).fill(7), ...Array(32).fill('picture'), ...Array(16).fill(7)]);
    });
  }

  for (const place of ['top-left', 'centre'] as const) {
    it(`leaves nothing of what a used buffer held: ${place}`, () => {
      const style = { place, padding: 114, resample: 'area' } as const;
      const used = (bytes: number) => new Uint8Array(bytes).fill(3);
      for (const [width, height] of [
        [100, 50],
        [50, 100],
        [128, 128],
        [128, 64],
        [33, 47],
      ] as const) {
        const size = { width: 64, height: 64 };
        const fresh = new Letterbox(style).fit(paintRgb(width, height, [200, 100, 50]), size);
        expect(new Letterbox(style, used).fit(paintRgb(width, height, [200, 100, 50]), size)).toEqual(fresh);
      }
    });
  }

  it('makes the picture smaller than would fit when it is asked to', () => {
    const letterbox = new Letterbox({ place: 'centre', padding: 0, resample: 'area' });
    const { image, scale, offsetX, offsetY } = letterbox.fit(
      paintRgb(100, 50, [9, 9, 9]),
      { width: 64, height: 64 },
      0.32,
    );
    expect([scale, offsetX, offsetY]).toEqual([0.32, 16, 24]);
    expect(image.data.filter((value) => value === 9)).toHaveLength(32 * 16 * 3);
  });

  // BT.601 limited range: 16 is black, 235 white; the saturated colours are those of the standard's colour bars.
  const colours = [
    { yuv: [16, 128, 128], rgb: [0, 0, 0] },
    { yuv: [235, 128, 128], rgb: [255, 255, 255] },
    { yuv: [81, 90, 240], rgb: [255, 0, 0] },
    { yuv: [145, 54, 34], rgb: [0, 255, 0] },
    { yuv: [41, 240, 110], rgb: [0, 0, 255] },
  ] as const;
  for (const { yuv, rgb } of colours) {
    it(`turns YUV ${yuv} into RGB ${rgb}`, () => {
      for (const size of [64, 33, 8]) {
        const { image } = new Letterbox().fit(paintYuv(33, 33, yuv), { width: size, height: size });
        expect(findLargestDifference(image.data.subarray(0, 3), rgb)).toBeLessThanOrEqual(2);
        expect(findLargestDifference(image.data.subarray(-3), rgb)).toBeLessThanOrEqual(2);
      }
    });
  }

  it('takes the extremes of the full range as they are', () => {
    const { image } = new Letterbox().fit(
      { ...paintYuv(8, 8, [255, 128, 128]), fullRange: true },
      { width: 4, height: 4 },
    );
    expect(image.data.every((value) => value === 255)).toBe(true);
  });

  it('fits pictures of one pixel and of extreme shape', () => {
    const letterbox = new Letterbox();
    expect(letterbox.fit(paintRgb(1, 1, [9, 9, 9]), { width: 32, height: 32 }).image.data[0]).toBe(9);
    const { image } = letterbox.fit(paintRgb(20_000, 10, [9, 9, 9]), { width: 640, height: 384 });
    expect(image.data[0]).toBe(9);
    expect(image.data.at(-1)).toBe(114);
  });

  it('refuses pictures whose bytes do not fit their size', () => {
    const broken = { kind: 'yuv420p', width: 4, height: 4, data: new Uint8Array(16) } as const;
    expect(() => new Letterbox().fit(broken, { width: 32, height: 32 })).toThrow(/24 bytes, but 16/);
    const empty = { kind: 'rgb24', width: 0, height: 4, data: new Uint8Array(0) } as const;
    expect(() => new Letterbox().fit(empty, { width: 32, height: 32 })).toThrow(/at least 1 pixel/);
  });
});

describe('planAxis', () => {
  it('gives every target sample weights that add up to one', () => {
    for (const [source, target] of [
      [1280, 640],
      [1281, 640],
      [100, 33],
      [7, 50],
      [5, 5],
      [1, 9],
      [9, 1],
    ] as const) {
      const plan = planAxis(source, target);
      expect(plan.counts).toHaveLength(target);
      for (const [i, count] of plan.counts.entries()) {
        const weights = plan.weights.subarray(i * plan.taps, i * plan.taps + count);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(2048);
        expect((plan.starts[i] ?? Number.NaN) + count).toBeLessThanOrEqual(source);
      }
    }
  });
});

describe('chooseInputSize', () => {
  const model = { width: 640, height: 384 };
  const cases = [
    { picture: { width: 1280, height: 720 }, size: { width: 640, height: 384 } },
    { picture: { width: 1920, height: 1080 }, size: { width: 640, height: 384 } },
    { picture: { width: 1000, height: 1000 }, size: { width: 480, height: 480 } },
    { picture: { width: 544, height: 408 }, size: { width: 544, height: 416, scale: 1 } },
    { picture: { width: 500, height: 500 }, size: { width: 512, height: 512, scale: 1 } },
    { picture: { width: 480, height: 360 }, size: { width: 480, height: 384, scale: 1 } },
    { picture: { width: 320, height: 240 }, size: { width: 576, height: 416, scale: 416 / 240 } },
  ];
  for (const { picture, size } of cases) {
    it(`looks at ${picture.width}×${picture.height} in ${size.width}×${size.height}`, () => {
      expect(chooseInputSize(picture, model)).toMatchObject(size);
    });
  }

  it('stays within the budget and in multiples of 32 for any shape', () => {
    for (const [width, height] of [
      [1, 1],
      [20_000, 10],
      [10, 20_000],
      [408, 544],
      [3000, 500],
    ] as const) {
      const size = chooseInputSize({ width, height }, model);
      expect(size.width % 32).toBe(0);
      expect(size.height % 32).toBe(0);
      expect(size.width * size.height).toBeLessThanOrEqual(640 * 384);
    }
  });
});
