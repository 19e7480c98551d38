import type { Box, Point, Quad } from './box.ts';

/** Area in square pixels; 0 for an empty or inverted box. */
function measureArea(box: Box): number {
  return Math.max(0, box.x1 - box.x0) * Math.max(0, box.y1 - box.y0);
}

/** Intersection over union of two boxes, 0–1. */
export function measureIou(a: Box, b: Box): number {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (measureArea(a) + measureArea(b) - shared);
}

/** Centre of a box. */
export function findCentre(box: Box): Point {
  return { x: (box.x0 + box.x1) / 2, y: (box.y0 + box.y1) / 2 };
}

/** The corners of an axis-aligned box, for detections that come without corners. */
export function toQuad(box: Box): Quad {
  return [
    { x: box.x0, y: box.y0 },
    { x: box.x1, y: box.y0 },
    { x: box.x1, y: box.y1 },
    { x: box.x0, y: box.y1 },
  ];
}

/** Each corner by `move`, in the order of a quadrilateral. */
export function mapQuad<T>([tl, tr, br, bl]: readonly [T, T, T, T], move: (corner: T) => Point): Quad {
  return [move(tl), move(tr), move(br), move(bl)];
}

/** Mean width and height of a quadrilateral along its sides, pixels. */
export function measureQuad([tl, tr, br, bl]: Quad): Readonly<{ width: number; height: number }> {
  const length = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
  return { width: (length(tl, tr) + length(bl, br)) / 2, height: (length(tl, bl) + length(tr, br)) / 2 };
}

/** A quadrilateral grown on each side by a share of its mean width and height vectors. */
export function expandQuad([tl, tr, br, bl]: Quad, marginX: number, marginY: number): Quad {
  const ex = { x: ((tr.x - tl.x + br.x - bl.x) / 2) * marginX, y: ((tr.y - tl.y + br.y - bl.y) / 2) * marginX };
  const ey = { x: ((bl.x - tl.x + br.x - tr.x) / 2) * marginY, y: ((bl.y - tl.y + br.y - tr.y) / 2) * marginY };
  return [
    { x: tl.x - ex.x - ey.x, y: tl.y - ex.y - ey.y },
    { x: tr.x + ex.x - ey.x, y: tr.y + ex.y - ey.y },
    { x: br.x + ex.x + ey.x, y: br.y + ex.y + ey.y },
    { x: bl.x - ex.x + ey.x, y: bl.y - ex.y + ey.y },
  ];
}

/** Whether the corners run clockwise on the screen without folding: only such a plate can be rectified. */
export function isConvex(quad: Quad): boolean {
  return quad.every((b, i) => {
    const a = quad[(i + 3) % 4];
    const c = quad[(i + 1) % 4];
    return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) > 0;
  });
}
