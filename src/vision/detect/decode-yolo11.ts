import type { Point } from '../box.ts';
import type { Detection } from '../detection.ts';
import { type CandidateContext, findBestClass, placeCandidate } from './candidate.ts';

const BOX_ROWS = 4;
const POINTS = 4;

/** A dense output of float32. */
export type Output = Readonly<{ dims: readonly number[]; data: Float32Array }>;

/**
 * `[1, 4 + nc, N]` of Ultralytics YOLOv8 and YOLO11: centre x, centre y, width, height and a score for each class, one candidate
 * a column. In pose exports four points follow as x, y or x, y, visibility. Not yet suppressed.
 */
export function decodeYolo11({ dims, data }: Output, context: CandidateContext): Detection[] {
  const [, rows, count] = dims;
  const pointsFrom = BOX_ROWS + context.classes.length;
  const values = (rows - pointsFrom) / POINTS;
  const at = (row: number, column: number) => data[row * count + column];
  const detections: Detection[] = [];
  for (let i = 0; i < count; i += 1) {
    const best = findBestClass(data, BOX_ROWS * count + i, context.classes.length, count);
    if (!(best.score >= context.minScore)) continue;
    const box = { centreX: at(0, i), centreY: at(1, i), width: at(2, i), height: at(3, i) };
    const readPoint = (_: unknown, point: number): Point => ({
      x: at(pointsFrom + point * values, i),
      y: at(pointsFrom + point * values + 1, i),
    });
    const points = values > 0 ? { points: Array.from({ length: POINTS }, readPoint) } : {};
    const detection = placeCandidate({ ...box, ...best, ...points }, context);
    if (detection) detections.push(detection);
  }
  return detections;
}
