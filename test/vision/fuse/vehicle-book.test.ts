import { expect, test } from 'vitest';
import type { Detection } from '../../../src/vision/detection.ts';
import { VehicleBook } from '../../../src/vision/fuse/vehicle-book.ts';
import type { Track } from '../../../src/vision/track/track.ts';

/** Characters of six pixels: a plate of 41 by 9 pixels, a vehicle of 141. */
const LEAST_HEIGHT = 6;
const FRAMES = 60;
const image = { kind: 'rgb24', width: 64, height: 36, data: new Uint8Array(64 * 36 * 3) } as const;

type Shown = Readonly<{ x: number; width: number; isPlated?: boolean }> | undefined;

/** How many vehicles have gone by without a plate, of one that is shown frame by frame, ten a second. */
function countUnplated(show: (n: number) => Shown): number {
  const book = new VehicleBook(LEAST_HEIGHT);
  let count = 0;
  for (let n = 0; n < FRAMES; n += 1) {
    const shown = show(n);
    const { x = 0, width = 0, isPlated = false } = shown ?? {};
    const box = { x0: x, y0: 300, x1: x + width, y1: 300 + 0.8 * width };
    const vehicle: Detection = { box, class: 'car', score: 0.8 };
    const plate = { x0: x + 0.4 * width, y0: 300 + 0.6 * width, x1: x + 0.6 * width, y1: 300 + 0.65 * width };
    const detection: Detection = { box: plate, class: 'plate', score: 0.9 };
    const track: Track = { id: 1, state: 'tracked', box: plate, detection, firstSequence: n, lastSequence: n, hits: 1 };
    const frame = { cameraId: 'gate', sequence: n, capturedAt: n * 100, mediaTime: n * 100, image };
    const brightness = () => ({ luma: 120, colour: 20 });
    count += book.follow(frame, shown ? [vehicle] : [], isPlated ? [track] : [], brightness).length;
  }
  return count;
}

test.for([
  ['drives by', (n) => (n < 20 ? { x: 30 * n, width: 200 } : undefined), 1],
  ['comes nearer', (n) => (n < 20 ? { x: 400 - 3 * n, width: 120 + 6 * n } : undefined), 1],
  ['is out of sight for a second', (n) => (n < 30 && (n < 10 || n > 20) ? { x: 20 * n, width: 200 } : undefined), 1],
  ['shows its plate once', (n) => (n < 20 ? { x: 30 * n, width: 200, isPlated: n === 4 } : undefined), 0],
  ['stands', (n) => (n < 20 ? { x: 300 + (n % 3), width: 200 } : undefined), 0],
  ['is too far away for its plate to be read', (n) => (n < 20 ? { x: 20 * n, width: 100 } : undefined), 0],
  ['is found in four frames', (n) => (n < 4 ? { x: 30 * n, width: 200 } : undefined), 0],
  ['is still there', (n) => ({ x: 5 * n, width: 200 }), 0],
] as const satisfies readonly (readonly [string, (n: number) => Shown, number])[])(
  'A vehicle that %s went by without a plate: %3$s',
  ([, show, count]) => {
    expect(countUnplated(show)).toBe(count);
  },
);
