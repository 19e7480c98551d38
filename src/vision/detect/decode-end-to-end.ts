import type { Point } from '../box.ts';
import type { Detection } from '../detection.ts';
import { AlprError } from '../errors.ts';
import { type CandidateContext, placeCandidate } from './candidate.ts';
import type { Output } from './decode-yolo11.ts';

const BOX_COLUMNS = 6;
const POINTS = 4;

/**
 * `[1, N, 6]` of Ultralytics exports that suppress in the graph: left, top, right, bottom, score, class. In pose exports four
 * points follow as x, y or x, y, visibility. Rows that are not used have score 0. INFERENCE_FAILED for a class that model.json does not name.
 */
export function decodeEndToEnd({ dims, data }: Output, context: CandidateContext): Detection[] {
  const columns = dims[2];
  const values = (columns - BOX_COLUMNS) / POINTS;
  const detections: Detection[] = [];
  for (let at = 0; at < data.length; at += columns) {
    const [x0, y0, x1, y1, score, classNumber] = data.subarray(at, at + BOX_COLUMNS);
    if (!(score >= context.minScore)) continue;
    const classIndex = Math.round(classNumber);
    checkClass(classIndex, context);
    const box = { centreX: (x0 + x1) / 2, centreY: (y0 + y1) / 2, width: x1 - x0, height: y1 - y0 };
    const readPoint = (_: unknown, point: number): Point => {
      const from = at + BOX_COLUMNS + point * values;
      return { x: data[from], y: data[from + 1] };
    };
    const points = values > 0 ? { points: Array.from({ length: POINTS }, readPoint) } : {};
    const detection = placeCandidate({ ...box, score, classIndex, ...points }, context);
    if (detection) detections.push(detection);
  }
  return detections;
}

/** The shape of this output does not tell how many classes there are, so a class too many shows only here. */
function checkClass(classIndex: number, { classes }: CandidateContext): void {
  if (classIndex < classes.length) return;
  throw new AlprError(
    'INFERENCE_FAILED',
    `The network answered with class ${classIndex}, but model.json names ${classes.length} classes, counted from 0; list every class of the network there, those that are not wanted as "ignored".`,
  );
}
