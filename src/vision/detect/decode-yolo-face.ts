import type { Detection } from '../detection.ts';
import { type CandidateContext, findBestClass, placeCandidate } from './candidate.ts';
import type { Output } from './decode-yolo11.ts';

const POINTS_FROM = 5;
const CLASSES_FROM = 13;

/**
 * `[1, N, 13 + nc]` of YOLOv5-face networks for plates, in pixels: centre, size, objectness, x and y of four points, class scores.
 * The score is objectness times the best class score. Not yet suppressed.
 */
export function decodeYoloFace({ dims, data }: Output, context: CandidateContext): Detection[] {
  const columns = dims[2];
  const detections: Detection[] = [];
  for (let at = 0; at < data.length; at += columns) {
    const best = findBestClass(data, at + CLASSES_FROM, columns - CLASSES_FROM);
    const score = best.score * data[at + 4];
    if (!(score >= context.minScore)) continue;
    const [centreX, centreY, width, height] = data.subarray(at, at + 4);
    const points = [0, 2, 4, 6].map((point) => ({
      x: data[at + POINTS_FROM + point],
      y: data[at + POINTS_FROM + point + 1],
    }));
    const candidate = { centreX, centreY, width, height, score, classIndex: best.classIndex, points };
    const detection = placeCandidate(candidate, context);
    if (detection) detections.push(detection);
  }
  return detections;
}
