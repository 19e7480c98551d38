import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../src/vision/box.ts';
import { expandQuad, mapQuad, toQuad } from '../../../src/vision/geometry.ts';
import { findHomography, rectifyToImage } from '../../../src/vision/read/rectify.ts';
import { findLargestDifference, opencv, paintRgb, paintWaves, paintYuv } from '../pictures.ts';

type Pair = readonly [number, number];

function toCorners(points: readonly [Pair, Pair, Pair, Pair]): Quad {
  return mapQuad(points, ([x, y]) => ({ x, y }));
}

describe('rectifyToImage', () => {
  for (const [index, { source, corners, target, pixels }] of opencv.warp.entries()) {
    it(`warps like OpenCV, also beyond the edge (${index + 1})`, () => {
      const crop = rectifyToImage(paintWaves(...source), toCorners(corners), { width: target[0], height: target[1] });
      expect(findLargestDifference(crop.data, pixels)).toBeLessThanOrEqual(3);
    });
  }

  it('copies an upright box of the same size exactly', () => {
    const image = paintWaves(40, 30);
    const crop = rectifyToImage(image, toQuad({ x0: 4, y0: 6, x1: 20, y1: 14 }), { width: 16, height: 8 });
    for (let y = 0; y < 8; y += 1) {
      const row = image.data.subarray(((y + 6) * 40 + 4) * 3, ((y + 6) * 40 + 20) * 3);
      expect([...crop.data.subarray(y * 48, (y + 1) * 48)]).toEqual([...row]);
    }
  });

  it('averages what it shrinks: a fine checkerboard becomes grey', () => {
    const image = paintRgb(128, 64, [0, 0, 0]);
    for (let i = 0; i < 128 * 64; i += 1)
      if ((i + Math.floor(i / 128)) % 2 === 0) image.data.fill(255, i * 3, i * 3 + 3);
    const crop = rectifyToImage(image, toQuad({ x0: 0, y0: 0, x1: 128, y1: 64 }), { width: 32, height: 16 });
    expect(crop.data.every((value) => value > 100 && value < 155)).toBe(true);
  });

  it('reads the colours of 4:2:0 pictures', () => {
    const crop = rectifyToImage(paintYuv(41, 31, [81, 90, 240]), toQuad({ x0: 3, y0: 3, x1: 39, y1: 21 }), {
      width: 12,
      height: 6,
    });
    expect(findLargestDifference(crop.data.subarray(0, 3), [255, 0, 0])).toBeLessThanOrEqual(2);
    expect(findLargestDifference(crop.data.subarray(-3), [255, 0, 0])).toBeLessThanOrEqual(2);
  });

  it('refuses corners on one line or that are no numbers', () => {
    expect(() =>
      findHomography(
        toCorners([
          [0, 0],
          [1, 1],
          [2, 2],
          [3, 3],
        ]),
      ),
    ).toThrow(/span an area/);
    expect(() =>
      findHomography(
        toCorners([
          [0, 0],
          [NaN, 1],
          [2, 2],
          [0, 3],
        ]),
      ),
    ).toThrow(/span an area/);
  });
});

describe('findHomography', () => {
  it('maps the corners of the unit square to the four corners', () => {
    const quad = toCorners([
      [8, 6],
      [48, 10],
      [50, 30],
      [5, 24],
    ]);
    const { a, b, c, d, e, f, g, h } = findHomography(quad);
    const mapped = mapQuad(toQuad({ x0: 0, y0: 0, x1: 1, y1: 1 }), ({ x, y }) => {
      const w = g * x + h * y + 1;
      return { x: (a * x + b * y + c) / w, y: (d * x + e * y + f) / w };
    });
    expect(mapped).toEqual(quad.map(({ x, y }) => ({ x: expect.closeTo(x, 9), y: expect.closeTo(y, 9) })));
  });
});

describe('expandQuad', () => {
  it('grows a box by shares of its sides', () => {
    const grown = expandQuad(toQuad({ x0: 100, y0: 100, x1: 200, y1: 140 }), 0.03, 0.05);
    expect(grown).toEqual(toQuad({ x0: 97, y0: 98, x1: 203, y1: 142 }));
  });
});
