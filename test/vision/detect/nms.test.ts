import { describe, expect, it } from 'vitest';
import { decodeAlpr } from '../../../src/vision/detect/decode-alpr.ts';
import { suppressOverlaps } from '../../../src/vision/detect/nms.ts';
import type { Detection, DetectionClass } from '../../../src/vision/detection.ts';

function make(x0: number, score: number, name: DetectionClass = 'plate'): Detection {
  return { box: { x0, y0: 0, x1: x0 + 100, y1: 40 }, class: name, score };
}

describe('suppressOverlaps', () => {
  // Boxes of 100 px shifted by s overlap by (100 − s) / (100 + s).
  it('keeps the better of two boxes from the given overlap on', () => {
    expect(suppressOverlaps([make(0, 0.6), make(25, 0.9)], 0.6, 0.6).map(({ score }) => score)).toEqual([0.9]);
    expect(suppressOverlaps([make(0, 0.6), make(26, 0.9)], 0.6, 0.6).map(({ score }) => score)).toEqual([0.9, 0.6]);
  });

  it('lets a plate stay on the car around it', () => {
    expect(suppressOverlaps([make(0, 0.6), make(0, 0.9, 'car')], 0.4, 0.6)).toHaveLength(2);
  });

  it('takes a car and a truck in one place for one thing, and keeps the surer', () => {
    const found = suppressOverlaps([make(0, 0.6, 'car'), make(10, 0.9, 'truck'), make(60, 0.5, 'car')], 0.4, 0.6);
    expect(found.map(({ class: name, score }) => [name, score])).toEqual([
      ['truck', 0.9],
      ['car', 0.5],
    ]);
  });

  it('does not suppress by what was suppressed', () => {
    expect(suppressOverlaps([make(0, 0.9), make(40, 0.8), make(80, 0.7)], 0.4, 0.6).map(({ score }) => score)).toEqual([
      0.9, 0.7,
    ]);
  });

  it('does not depend on the order', () => {
    const boxes = [make(0, 0.5), make(10, 0.5), make(300, 0.5), make(20, 0.5)];
    expect(suppressOverlaps(boxes.toReversed(), 0.4, 0.6)).toEqual(suppressOverlaps(boxes, 0.4, 0.6));
  });
});

describe('decodeAlpr', () => {
  const context = {
    placement: { scale: 0.5, offsetX: 0, offsetY: 12 },
    width: 1280,
    height: 720,
    classes: ['plate', 'car'] as const,
    minScore: 0.3,
  };
  const decode = (...rows: number[][]) =>
    decodeAlpr({ type: 'float32', dims: [1, rows.length, 14], data: new Float32Array(rows.flat()) }, context);

  it('leads boxes and corners back to the full picture', () => {
    const [plate] = decode([100, 62, 150, 82, 0.75, 0, 101, 62, 150, 63, 149, 82, 100, 81]);
    expect(plate).toEqual({
      box: { x0: 200, y0: 100, x1: 300, y1: 140 },
      corners: [
        { x: 202, y: 100 },
        { x: 300, y: 102 },
        { x: 298, y: 140 },
        { x: 200, y: 138 },
      ],
      class: 'plate',
      score: 0.75,
    });
  });

  it('clips boxes to the picture and drops those outside', () => {
    const corners = [0, 0, 10, 0, 10, 10, 0, 10];
    expect(decode([-20, 0, 50, 30, 0.9, 1, ...corners])[0]?.box).toEqual({ x0: 0, y0: 0, x1: 100, y1: 36 });
    expect(decode([-50, 20, -5, 30, 0.9, 1, ...corners])).toEqual([]);
  });

  it('drops weak rows, unknown classes and rows that are not numbers', () => {
    const tail = [0, 0, 10, 0, 10, 10, 0, 10];
    expect(
      decode(
        [10, 20, 50, 40, 0.29, 0, ...tail],
        [10, 20, 50, 40, 0.9, 7, ...tail],
        [NaN, 20, 50, 40, 0.9, 0, ...tail],
        [10, 20, 50, 40, NaN, 0, ...tail],
      ),
    ).toEqual([]);
  });

  it('gives no corners where they fold', () => {
    const [plate] = decode([100, 62, 150, 82, 0.75, 0, 150, 62, 100, 62, 150, 82, 100, 82]);
    expect(plate).toBeDefined();
    expect(plate?.corners).toBeUndefined();
  });

  it('refuses another shape', () => {
    expect(() => decodeAlpr({ type: 'float32', dims: [1, 84, 10], data: new Float32Array(840) }, context)).toThrow(
      /\[1, n, 14\]/,
    );
    expect(() => decodeAlpr(undefined, context)).toThrow(/nothing/);
  });
});
