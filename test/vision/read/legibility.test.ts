import { describe, expect, it } from 'vitest';
import { toQuad } from '../../../src/vision/geometry.ts';
import { guessLines, measureCharHeight, measureSharpness } from '../../../src/vision/read/legibility.ts';
import { rectifyToImage } from '../../../src/vision/read/rectify.ts';
import { readModelPicture } from '../onnx-session.ts';
import { paintRgb, paintWaves } from '../pictures.ts';

describe('measureSharpness', () => {
  it('falls with every blurring of the same plate and stays between 0 and 1', async () => {
    const plate = await readModelPicture('alpr-read/golden/input_0.png');
    // Shrinking to a share of the size and growing again takes the fine detail away.
    const values = [1, 0.5, 0.25, 0.12].map((share) => {
      const size = { width: Math.round(128 * share), height: Math.round(64 * share) };
      const small = rectifyToImage(plate, toQuad({ x0: 0, y0: 0, x1: 128, y1: 64 }), size);
      return measureSharpness(
        rectifyToImage(small, toQuad({ x0: 0, y0: 0, x1: size.width, y1: size.height }), { width: 128, height: 64 }),
      );
    });
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    for (const value of values) expect(value).toBeGreaterThanOrEqual(0);
    expect(values[0]).toBeLessThan(1);
    expect(values[0]).toBeGreaterThan(3 * (values[3] ?? Number.NaN));
  });

  it('does not depend much on contrast, and is 0 for one colour', () => {
    const bright = paintWaves(128, 64);
    const dim = { ...bright, data: bright.data.map((value) => 64 + value / 2) };
    expect(Math.abs(measureSharpness(bright) - measureSharpness(dim))).toBeLessThan(0.05);
    expect(measureSharpness(paintRgb(128, 64, [90, 90, 90]))).toBe(0);
    expect(measureSharpness(paintRgb(1, 1, [90, 90, 90]))).toBe(0);
  });
});

describe('measureCharHeight', () => {
  it('is seven tenths of a line', () => {
    const plate = toQuad({ x0: 0, y0: 0, x1: 100, y1: 40 });
    expect(measureCharHeight(plate, 1)).toBeCloseTo(28, 9);
    expect(measureCharHeight(plate, 2)).toBeCloseTo(14, 9);
    expect([guessLines(plate), guessLines(toQuad({ x0: 0, y0: 0, x1: 60, y1: 40 }))]).toEqual([1, 2]);
  });
});
