import type { Detection } from '../detection.ts';
import { measureIou } from '../geometry.ts';

/** Best first; ties are broken by place so that the order of the input does not matter. */
export function compareDetections(a: Detection, b: Detection): number {
  return b.score - a.score || a.box.x0 - b.box.x0 || a.box.y0 - b.box.y0 || a.box.x1 - b.box.x1 || a.box.y1 - b.box.y1;
}

/** Greedy non-maximum suppression: of detections of one class that overlap by `maxIou` or more the best stays. Best first. */
export function suppressOverlaps(detections: readonly Detection[], maxIou: number): readonly Detection[] {
  const kept: Detection[] = [];
  for (const detection of detections.toSorted(compareDetections)) {
    const rival = kept.some(
      (other) => other.class === detection.class && measureIou(other.box, detection.box) >= maxIou,
    );
    if (!rival) kept.push(detection);
  }
  return kept;
}
