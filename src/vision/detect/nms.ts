import type { Detection } from '../detection.ts';
import { measureIou } from '../geometry.ts';

/** Best first; ties are broken by place so that the order of the input does not matter. */
export function compareDetections(a: Detection, b: Detection): number {
  return b.score - a.score || a.box.x0 - b.box.x0 || a.box.y0 - b.box.y0 || a.box.x1 - b.box.x1 || a.box.y1 - b.box.y1;
}

/**
 * Greedy non-maximum suppression, best first: of plates that overlap by `maxIou` or more the best stays, and of vehicles that
 * overlap by `vehicleIou` or more, whatever their classes: one thing is not a car and a truck.
 */
export function suppressOverlaps(
  detections: readonly Detection[],
  maxIou: number,
  vehicleIou: number,
): readonly Detection[] {
  const kept: Detection[] = [];
  for (const detection of detections.toSorted(compareDetections)) {
    const isPlate = detection.class === 'plate';
    const most = isPlate ? maxIou : vehicleIou;
    const rival = kept.some(
      (other) => (other.class === 'plate') === isPlate && measureIou(other.box, detection.box) >= most,
    );
    if (!rival) kept.push(detection);
  }
  return kept;
}
