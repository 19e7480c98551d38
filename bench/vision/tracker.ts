import type { Detection } from '../../src/vision/detection.ts';
import { measureIou } from '../../src/vision/geometry.ts';
import { ByteTracker } from '../../src/vision/track/byte-track.ts';
import { printRows, type Row } from '../row.ts';
import { compare, measure, timed } from './measure.ts';

const OBJECTS = 50;
const FRAMES = 200;

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
  return [
    timed('2,500 overlaps', overlaps),
    compare(`ByteTrack, one frame of ${OBJECTS} objects`, all / FRAMES, '2,500 overlaps', overlaps),
  ];
}

if (import.meta.main) printRows(await run());
