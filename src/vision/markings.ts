import type { PathPoint } from './fuse/motion-path.ts';
import { contains, type Polygon } from './ignore-mask.ts';

type Share = readonly [x: number, y: number];

/** A line across the road, from one end to the other, and the names of its directions: from its left to its right, and back. */
export type Line = Readonly<{ id: string; points: readonly [Share, Share]; directions: readonly [string, string] }>;

/** An area of the picture with a name. */
export type Zone = Readonly<{ id: string; area: Polygon }>;

/** What is drawn on the picture of a camera; points are shares (0–1) of its width and height from the top left. */
export type Markings = Readonly<{ lines: readonly Line[]; zones: readonly Zone[] }>;

/** A line that was crossed, in which of its directions, and when on the clock of the way. */
export type Crossing = Readonly<{ line: string; direction: string; t: number }>;

/** A zone that a plate was in, and for how long in all, milliseconds. */
export type Stay = Readonly<{ zone: string; dwellMs: number }>;

type Size = Readonly<{ width: number; height: number }>;

/** How far from a line the centre of a plate must be to be on one side of it, in heights of the plate: boxes tremble. */
const CLEAR = 0.5;

/**
 * Lines that a plate crossed, first to last: its centre was clearly on one side, then clearly on the other, and went through the line
 * between its ends. Touching a line is no crossing, nor is trembling on it.
 */
export function findCrossings(way: readonly PathPoint[], lines: readonly Line[], size: Size): readonly Crossing[] {
  return lines.flatMap((line) => crossLine(way, line, size)).sort((a, b) => a.t - b.t);
}

function crossLine(way: readonly PathPoint[], { id, points, directions }: Line, size: Size): readonly Crossing[] {
  const ends = points.map(([x, y]) => ({ x: x * size.width, y: y * size.height }));
  // Always from the same end, so that rounding decides alike whichever end was drawn first.
  const isTurned = ends[0].x > ends[1].x || (ends[0].x === ends[1].x && ends[0].y > ends[1].y);
  const [a, b] = isTurned ? ends.toReversed() : ends;
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = Math.hypot(dx, dy);
  if (length === 0) return [];
  const crossings: Crossing[] = [];
  let side = 0;
  let isThrough = false;
  let at = 0;
  for (const [index, point] of way.entries()) {
    // Positive on the right of whoever looks from the first end to the second.
    const distance = distanceOf(point);
    const last = way[index - 1];
    if (last) {
      const before = distanceOf(last);
      if (before < 0 !== distance < 0) {
        const share = before / (before - distance);
        const [x, y] = [last.x + share * (point.x - last.x), last.y + share * (point.y - last.y)];
        const along = ((x - a.x) * dx + (y - a.y) * dy) / length ** 2;
        if (along >= 0 && along <= 1) {
          isThrough = !isThrough;
          at = last.t + share * (point.t - last.t);
        }
      }
    }
    if (Math.abs(distance) < CLEAR * point.h) continue;
    const now = Math.sign(distance);
    if (side === -now && isThrough)
      crossings.push({ line: id, direction: directions[now > 0 !== isTurned ? 0 : 1], t: at });
    side = now;
    isThrough = false;
  }
  return crossings;

  function distanceOf({ x, y }: PathPoint): number {
    return (dx * (y - a.y) - dy * (x - a.x)) / length;
  }
}

/** Zones that the centre of a plate was in, and how long; between two points of its way it went straight and steadily. */
export function measureStays(way: readonly PathPoint[], zones: readonly Zone[], size: Size): readonly Stay[] {
  return zones.flatMap(({ id, area }) => {
    const at = ({ x, y }: PathPoint) => [x / size.width, y / size.height] as const;
    let dwellMs = 0;
    let wasIn = false;
    for (const [index, point] of way.entries()) {
      const last = way[index - 1];
      wasIn ||= contains(area, ...at(point));
      if (last) dwellMs += (point.t - last.t) * measureInside(area, at(last), at(point));
    }
    return wasIn || dwellMs > 0 ? [{ zone: id, dwellMs }] : [];
  });
}

/** The share of a straight piece that lies within an area. */
function measureInside(area: Polygon, [x0, y0]: Share, [x1, y1]: Share): number {
  const cuts = [0, 1];
  const [dx, dy] = [x1 - x0, y1 - y0];
  for (const [index, [ax, ay]] of area.entries()) {
    const [bx, by] = area[(index + 1) % area.length];
    const [ex, ey] = [bx - ax, by - ay];
    const turn = dx * ey - dy * ex;
    if (turn === 0) continue;
    const along = ((ax - x0) * ey - (ay - y0) * ex) / turn;
    if (along > 0 && along < 1) cuts.push(along);
  }
  cuts.sort((a, b) => a - b);
  let inside = 0;
  for (let index = 1; index < cuts.length; index += 1) {
    const middle = (cuts[index - 1] + cuts[index]) / 2;
    if (contains(area, x0 + middle * dx, y0 + middle * dy)) inside += cuts[index] - cuts[index - 1];
  }
  return inside;
}
