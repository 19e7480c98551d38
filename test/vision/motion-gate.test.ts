import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/vision/frame.ts';
import type { Image } from '../../src/vision/image.ts';
import { averageBlocks, MotionGate, measureChange } from '../../src/vision/motion-gate.ts';
import { paintRgb, paintYuv } from './pictures.ts';

function toFrame(image: Image, mediaTime: number): Frame {
  return { cameraId: 'gate', sequence: mediaTime / 100, capturedAt: mediaTime, mediaTime, image };
}

/** Grey with a bright square of `size` pixels at a place. */
function paintSquare(x: number, size = 24, grey = 80): Image {
  const image = paintRgb(320, 180, [grey, grey, grey]);
  for (let y = 90; y < 90 + size; y += 1) image.data.fill(220, (y * 320 + x) * 3, (y * 320 + x + size) * 3);
  return image;
}

describe('MotionGate', () => {
  it('opens for the first frame, for movement and after the longest wait, and else stays shut', () => {
    const gate = new MotionGate({ forceMs: 1000 });
    const decisions = [paintSquare(50), paintSquare(50), paintSquare(80), paintSquare(80)].map((image, n) =>
      gate.decide(toFrame(image, n * 100)),
    );
    expect(decisions).toEqual([true, false, true, false]);
    expect(gate.decide(toFrame(paintSquare(80), 1100))).toBe(false);
    expect(gate.decide(toFrame(paintSquare(80), 1200))).toBe(true);
  });

  it('notices movement too slow to be seen from one frame to the next', () => {
    const gate = new MotionGate({ forceMs: 100_000 });
    const decisions = Array.from({ length: 30 }, (_, n) =>
      gate.decide(toFrame(paintSquare(50 + Math.floor(n / 5), 8), n * 100)),
    );
    expect(decisions.filter(Boolean).length).toBeGreaterThan(1);
  });

  it('does not mistake a change of exposure for movement', () => {
    const gate = new MotionGate({ forceMs: 100_000 });
    gate.decide(toFrame(paintYuv(320, 180, [80, 128, 128]), 0));
    expect(gate.decide(toFrame(paintYuv(320, 180, [95, 128, 128]), 100))).toBe(false);
  });

  it('looks all the time while something is followed or when it is switched off', () => {
    const gate = new MotionGate();
    const frames = [0, 100, 200].map((time) => toFrame(paintSquare(50), time));
    expect(frames.map((frame) => gate.decide(frame, true))).toEqual([true, true, true]);
    const off = new MotionGate({ enabled: false });
    expect(frames.map((frame) => off.decide(frame))).toEqual([true, true, true]);
  });

  it('looks less often while idle when told to', () => {
    const gate = new MotionGate({ idleMs: 300 });
    const decisions = Array.from({ length: 7 }, (_, n) => gate.decide(toFrame(paintSquare(20 + n * 30), n * 100)));
    expect(decisions).toEqual([true, false, false, true, false, false, true]);
  });

  it('opens when the clock of the stream runs back, and after a change of size', () => {
    const gate = new MotionGate();
    gate.decide(toFrame(paintSquare(50), 5000));
    expect(gate.decide(toFrame(paintSquare(50), 0))).toBe(true);
    expect(gate.decide(toFrame(paintRgb(7, 5, [80, 80, 80]), 100))).toBe(true);
  });
});

describe('averageBlocks', () => {
  it('averages the luma of each block', () => {
    const image = paintYuv(8, 4, [10, 128, 128]);
    for (let y = 0; y < 4; y += 1) image.data.fill(50, y * 8 + 4, y * 8 + 8);
    expect([...averageBlocks(image, { columns: 2, rows: 1 })]).toEqual([10, 50]);
  });
});

describe('measureChange', () => {
  it('is the largest change beyond the median one', () => {
    expect(measureChange(new Float64Array([12, 12, 30]), new Float64Array([10, 10, 10]))).toBe(18);
  });
});
