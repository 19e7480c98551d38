import type { Point, Quad } from '../vision/box.ts';
import { measureQuad } from '../vision/geometry.ts';
import { matchBoxes } from './match-boxes.ts';
import type { SearchRecord } from './measured.ts';
import type { ScoredDetection } from './records.ts';

/** How well boxes of one class were found at one overlap. */
export type BoxScore = Readonly<{
  class: string;
  iou: number;
  truth: number;
  /** Matched, and all reported, at the detector's own threshold. */
  matched: number;
  reported: number;
  /** Area under the precision–recall curve over all scores the detector gives, 0–1. */
  averagePrecision: number;
}>;

/** Scores the searches of each class that was labelled, at IoU 0.5 and 0.7. */
export function scoreBoxes(searches: readonly SearchRecord[], threshold: number): readonly BoxScore[] {
  const classes = Map.groupBy(searches, (search) => search.class);
  return [...classes].flatMap(([name, group]) => {
    const truth = group.reduce((sum, search) => sum + search.truth.length, 0);
    if (truth === 0) return [];
    return [0.5, 0.7].map((iou) => {
      const scored = group.flatMap((search) => matchBoxes(search.truth, search.found, iou)).map(toScored);
      const sure = scored.filter(({ score }) => score >= threshold);
      const matched = sure.filter(({ right }) => right).length;
      const averagePrecision = measureAveragePrecision(scored, truth);
      return { class: name, iou, truth, matched, reported: sure.length, averagePrecision };
    });
  });
}

function toScored({ found, truth }: ReturnType<typeof matchBoxes>[number]): ScoredDetection {
  return { score: found.score, right: truth >= 0 };
}

/** Average precision with precision made monotone and every recall step counted (Pascal VOC from 2010 on). */
export function measureAveragePrecision(detections: readonly ScoredDetection[], truth: number): number {
  if (truth === 0) return 0;
  let right = 0;
  const points = detections
    .toSorted((a, b) => b.score - a.score)
    .map((detection, index) => {
      if (detection.right) right++;
      return { precision: right / (index + 1), right: detection.right };
    });
  let area = 0;
  let best = 0;
  for (const point of points.reverse()) {
    best = Math.max(best, point.precision);
    if (point.right) area += best / truth;
  }
  return area;
}

/** Distances between found and labelled corners, mean over the four. */
export type CornerScore = Readonly<{ n: number; px: number; shareOfWidth: number }>;

/** Corner error of plates that were found at IoU 0.5 and have labelled corners; undefined where there are none. */
export function scoreCorners(searches: readonly SearchRecord[]): CornerScore | undefined {
  const errors: { px: number; share: number }[] = [];
  for (const { truth, found } of searches) {
    for (const match of matchBoxes(truth, found, 0.5)) {
      const expected = truth[match.truth]?.corners;
      const actual = match.found.corners;
      if (!expected || !actual) continue;
      const px = measureShift(expected, actual);
      errors.push({ px, share: px / measureQuad(expected).width });
    }
  }
  if (errors.length === 0) return undefined;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    n: errors.length,
    px: mean(errors.map(({ px }) => px)),
    shareOfWidth: mean(errors.map(({ share }) => share)),
  };
}

/** How far apart the corners are, mean over the four. */
function measureShift([a, b, c, d]: Quad, [p, q, r, s]: Quad): number {
  return (measureDistance(a, p) + measureDistance(b, q) + measureDistance(c, r) + measureDistance(d, s)) / 4;
}

function measureDistance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
