import type { Box, Point } from '../box.ts';
import type { Detection, DetectionClass } from '../detection.ts';
import { isConvex, mapQuad } from '../geometry.ts';
import type { DecodeContext } from './decode-alpr.ts';

/** A class of a network: one of ours, or one that is not wanted. */
export type ClassName = DetectionClass | 'ignored';

export type CornerName = (typeof QUAD_ORDER)[number];

/** What the decoders of other projects' networks need to know besides their output. */
export type CandidateContext = Readonly<
  Omit<DecodeContext, 'classes'> & {
    classes: readonly ClassName[];
    /** Which corner each point of the network is, in the network's order. */
    corners: readonly CornerName[];
  }
>;

/** One row of a network's output, in pixels of the network's picture: centre and size of the box, and four points or none. */
type Candidate = Readonly<{
  centreX: number;
  centreY: number;
  width: number;
  height: number;
  score: number;
  classIndex: number;
  points?: readonly Point[];
}>;

const QUAD_ORDER = ['top-left', 'top-right', 'bottom-right', 'bottom-left'] as const;

/** A candidate in pixels of the full picture; nothing where it is too weak, not wanted or outside the picture. */
export function placeCandidate(candidate: Candidate, context: CandidateContext): Detection | undefined {
  const { score } = candidate;
  const name = context.classes[candidate.classIndex];
  // Written so that NaN fails too.
  if (!(score >= context.minScore) || name === undefined || name === 'ignored') return undefined;
  const { centreX, centreY, width, height } = candidate;
  const { scale, offsetX, offsetY } = context.placement;
  const place = ({ x, y }: Point) => ({ x: (x - offsetX) / scale, y: (y - offsetY) / scale });
  const first = place({ x: centreX - width / 2, y: centreY - height / 2 });
  const last = place({ x: centreX + width / 2, y: centreY + height / 2 });
  const box: Box = {
    x0: Math.max(0, first.x),
    y0: Math.max(0, first.y),
    x1: Math.min(context.width, last.x),
    y1: Math.min(context.height, last.y),
  };
  if (!(box.x1 - box.x0 >= 1 && box.y1 - box.y0 >= 1)) return undefined;
  const points = name === 'plate' ? candidate.points?.map(place) : undefined;
  if (!points) return { box, class: name, score };
  const corners = mapQuad(QUAD_ORDER, (corner) => points[context.corners.indexOf(corner)]);
  return isConvex(corners) ? { box, corners, class: name, score } : { box, class: name, score };
}

/** Index and value of the highest of `count` scores, `step` numbers apart. */
export function findBestClass(
  data: Float32Array,
  from: number,
  count: number,
  step = 1,
): Readonly<{ classIndex: number; score: number }> {
  let classIndex = 0;
  for (let c = 1; c < count; c += 1) if (data[from + c * step] > data[from + classIndex * step]) classIndex = c;
  return { classIndex, score: data[from + classIndex * step] };
}
