import type { Box } from '../vision/box.ts';
import { measureIou } from '../vision/geometry.ts';
import type { Found } from './measured.ts';

/** A detection with the place of the labelled box it was matched to, or -1. */
export type Match = Readonly<{ found: Found; truth: number }>;

/**
 * Matches detections to labelled boxes one to one: best score first, each takes the free box it overlaps most, at an IoU of at
 * least `iou` (Pascal VOC; Everingham et al. 2010).
 */
export function matchBoxes(truth: readonly Readonly<{ box: Box }>[], found: readonly Found[], iou: number): Match[] {
  const free = new Map(truth.entries());
  return found
    .toSorted((a, b) => b.score - a.score)
    .map((detection) => {
      let best = -1;
      let most = iou;
      for (const [index, { box }] of free) {
        const overlap = measureIou(box, detection.box);
        if (overlap < most || (overlap === most && best >= 0)) continue;
        best = index;
        most = overlap;
      }
      free.delete(best);
      return { found: detection, truth: best };
    });
}
