import type { Box } from '../box.ts';
import type { Detection } from '../detection.ts';
import { findCentre, measureIou } from '../geometry.ts';
import type { CostMatrix } from './assignment.ts';

/** Costs `1 − IoU` of boxes against detections; with `fuseScore` the IoU is multiplied by the detection's score, as in ByteTrack. */
export function costByOverlap(boxes: readonly Box[], detections: readonly Detection[], fuseScore: boolean): CostMatrix {
  const data = new Float64Array(boxes.length * detections.length);
  for (const [row, box] of boxes.entries()) {
    for (const [column, detection] of detections.entries()) {
      const overlap = measureIou(box, detection.box);
      data[row * detections.length + column] = 1 - (fuseScore ? overlap * detection.score : overlap);
    }
  }
  return { rows: boxes.length, columns: detections.length, data };
}

/** A box that is looked for around `box`, at most `reach` pixels from its centre. */
export type Search = Readonly<{ box: Box; reach: number }>;

/** Heights that differ by more than this factor are not the same plate one frame later. */
const MOST_GROWTH = 1.7;

/**
 * Costs by distance of centres over reach, 0–1, for boxes that move by more than their own size between frames. Pairs that are
 * out of reach or of unlike height cost infinitely much.
 */
export function costByDistance(searches: readonly Search[], detections: readonly Detection[]): CostMatrix {
  const data = new Float64Array(searches.length * detections.length);
  for (const [row, { box, reach }] of searches.entries()) {
    const centre = findCentre(box);
    const height = box.y1 - box.y0;
    for (const [column, detection] of detections.entries()) {
      const other = findCentre(detection.box);
      const growth = (detection.box.y1 - detection.box.y0) / height;
      const distance = Math.hypot(centre.x - other.x, centre.y - other.y);
      const possible = distance < reach && growth < MOST_GROWTH && growth > 1 / MOST_GROWTH;
      data[row * detections.length + column] = possible
        ? distance / reach + 0.3 * Math.abs(Math.log(growth))
        : Infinity;
    }
  }
  return { rows: searches.length, columns: detections.length, data };
}
