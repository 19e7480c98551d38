import type { Detection } from '../../src/vision/detection.ts';
import { VehicleBook } from '../../src/vision/fuse/vehicle-book.ts';
import { measureIou } from '../../src/vision/geometry.ts';
import { measureBrightness } from '../../src/vision/light.ts';
import { PASSAGE_DEFAULTS } from '../../src/vision/options/passage.ts';
import { ByteTracker } from '../../src/vision/track/byte-track.ts';
import { printRows, type Row } from '../row.ts';
import { compare, measure, timed } from './measure.ts';

const OBJECTS = 50;
const FRAMES = 200;
const VEHICLES = 4;
const PICTURE = { kind: 'yuv420p', width: 1920, height: 1080, data: new Uint8Array(1920 * 1080 * 1.5) } as const;

/** Fifty boxes that cross a picture, all overlapping others now and then. */
function moveObjects(): readonly (readonly Detection[])[] {
  return Array.from({ length: FRAMES }, (_, frame) =>
    Array.from({ length: OBJECTS }, (_, index): Detection => {
      const x = (index * 97 + frame * (1 + (index % 5))) % 1800;
      const y = (index * 53 + frame * ((index % 3) - 1) + 1080) % 1000;
      return {
        box: { x0: x, y0: y, x1: x + 90, y1: y + 60 },
        class: 'plate',
        score: 0.55 + ((index * 7 + frame) % 40) / 100,
      };
    }),
  );
}

/** ByteTrack per frame with 50 objects. Baseline: the 2,500 overlaps of one frame. */
export async function run(): Promise<readonly Row[]> {
  const frames = moveObjects();
  const [first = [], second = []] = frames;
  const overlaps = await measure(() => first.map((a) => second.map((b) => measureIou(a.box, b.box))), 100);
  const all = await measure(() => {
    const tracker = new ByteTracker();
    for (const [time, detections] of frames.entries()) tracker.update(detections, { sequence: time, time });
  }, 10);
  const watched = await measure(watchVehicles, 30);
  return [
    timed('2,500 overlaps', overlaps),
    compare(`ByteTrack, one frame of ${OBJECTS} objects`, all / FRAMES, '2,500 overlaps', overlaps),
    timed(`Light and ${VEHICLES} vehicles of one frame`, watched / FRAMES),
  ];
}

/** Follows vehicles over frames of 1080p, and measures the light of each: all that is known of them without a plate. */
function watchVehicles(): void {
  const book = new VehicleBook(PASSAGE_DEFAULTS.minCharHeightPx);
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const vehicles = Array.from({ length: VEHICLES }, (_, index): Detection => {
      const x = (index * 400 + frame * 9) % 1700;
      return { box: { x0: x, y0: 300, x1: x + 220, y1: 480 }, class: 'car', score: 0.8 };
    });
    const time = { sequence: frame, capturedAt: frame * 100, mediaTime: frame * 100 };
    const brightness = measureBrightness(PICTURE);
    book.follow({ cameraId: 'gate', ...time, image: PICTURE }, vehicles, [], () => brightness);
  }
}

if (import.meta.main) printRows(await run());
