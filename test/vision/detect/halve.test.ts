import { describe, expect, it } from 'vitest';
import { halvePlane } from '../../../src/vision/detect/halve.ts';
import { findLargestDifference, opencv, paintWaves } from '../pictures.ts';

/** Every byte occurs beside every other sooner or later; the constant is Knuth's multiplicative hash. */
function scatterBytes(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => Math.imul(index + 1, 2654435761) >>> 24);
}

/** The mean of four, by its definition. */
function averageFours(source: Uint8Array, width: number, height: number, channels: number): number[] {
  const at = (x: number, y: number, channel: number) => source[(y * width * 2 + x) * channels + channel] ?? Number.NaN;
  return Array.from({ length: width * height * channels }, (_, index) => {
    const channel = index % channels;
    const x = 2 * (((index - channel) / channels) % width);
    const y = 2 * Math.floor(index / channels / width);
    const sum = at(x, y, channel) + at(x + 1, y, channel) + at(x, y + 1, channel) + at(x + 1, y + 1, channel);
    return Math.floor((sum + 2) / 4);
  });
}

describe('halvePlane', () => {
  const cases = [
    { what: 'a picture of whole words', width: 64, shift: 0, offset: 0 },
    { what: 'a picture whose rows end within a word', width: 33, shift: 0, offset: 0 },
    { what: 'a picture that begins within a word of its buffer', width: 64, shift: 1, offset: 0 },
    { what: 'a picture into the middle of a larger one', width: 64, shift: 4, offset: 6 },
    { what: 'a picture to an odd byte', width: 64, shift: 0, offset: 3 },
  ] as const;
  for (const channels of [1, 3] as const) {
    for (const { what, width, shift, offset } of cases) {
      it(`averages ${what}, ${channels === 3 ? 'packed colour' : 'one plane'}`, () => {
        const height = 21;
        const length = width * channels;
        const source = scatterBytes(4 * length * height + shift).subarray(shift);
        const targetStride = length + 2 * offset;
        const target = new Uint8Array(offset + targetStride * height).fill(7);
        halvePlane({ source, channels, width, height, target, targetOffset: offset, targetStride });
        const rows = Array.from({ length: height }, (_, y) => [
          ...target.subarray(offset + y * targetStride, offset + y * targetStride + length),
        ]);
        expect(rows.flat()).toEqual(averageFours(source, width, height, channels));
        for (let y = 0; y < height; y += 1) {
          const from = offset + y * targetStride + length;
          expect(target.subarray(from, from + 2 * offset).every((byte) => byte === 7)).toBe(true);
        }
      });
    }
  }

  it('rounds as OpenCV does within one level', () => {
    const { source, target, pixels } = opencv.halve;
    const [width, height] = target;
    const result = new Uint8Array(width * height * 3);
    const to = { target: result, targetOffset: 0, targetStride: width * 3 };
    halvePlane({ source: paintWaves(source[0], source[1]).data, channels: 3, width, height, ...to });
    expect(findLargestDifference(result, pixels)).toBeLessThanOrEqual(1);
  });
});
