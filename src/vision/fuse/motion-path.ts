import type { Box } from '../box.ts';
import { findCentre } from '../geometry.ts';

/** Centre and size of the plate at a time, `t` in milliseconds of the stream. */
export type PathPoint = Readonly<{ t: number; x: number; y: number; w: number; h: number }>;

const MOST_POINTS = 32;
const MOST_STEPS = 512;
/** How far a plate goes before it is noted where it was, in widths of the plate. */
const STEP = 0.1;
/** Time over which the speed of a plate is measured, milliseconds. */
const SPEED_MS = 300;

/** Where a plate went: a path of few points, every step of it, and whether it is standing. */
export class MotionPath {
  readonly #stationaryAfterMs: number;
  #points: PathPoint[] = [];
  #spacing = 0;
  #anchor: PathPoint | undefined;
  #last: PathPoint | undefined;
  #standingMs = 0;
  #steps: PathPoint[] = [];

  constructor(stationaryAfterMs: number) {
    this.#stationaryAfterMs = stationaryAfterMs;
  }

  add(box: Box, t: number): void {
    const { x, y } = findCentre(box);
    const point = { t, x, y, w: box.x1 - box.x0, h: box.y1 - box.y0 };
    const anchor = this.#anchor;
    if (!anchor || Math.hypot(x - anchor.x, y - anchor.y) > 0.5 * point.w) this.#anchor = point;
    else if (this.isStanding && this.#last) this.#standingMs += t - this.#last.t;
    else if (t - anchor.t >= this.#stationaryAfterMs) this.#standingMs += t - anchor.t;
    this.#step(point);
    this.#last = point;
    this.#store(point);
  }

  copy(): MotionPath {
    const twin = new MotionPath(this.#stationaryAfterMs);
    twin.#points = [...this.#points];
    twin.#spacing = this.#spacing;
    twin.#anchor = this.#anchor;
    twin.#last = this.#last;
    twin.#standingMs = this.#standingMs;
    twin.#steps = [...this.#steps];
    return twin;
  }

  /** Speed over the last third of a second or more, pixels a millisecond; zero while only one place is known. */
  get speed(): Readonly<{ x: number; y: number }> {
    const last = this.#last;
    const from = last && (this.#points.findLast(({ t }) => t <= last.t - SPEED_MS) ?? this.#points[0]);
    if (!last || !from || from.t >= last.t) return { x: 0, y: 0 };
    return { x: (last.x - from.x) / (last.t - from.t), y: (last.y - from.y) / (last.t - from.t) };
  }

  /** Whether the plate has kept its place for long enough, as of the newest point. */
  get isStanding(): boolean {
    return (
      this.#last !== undefined && this.#anchor !== undefined && this.#last.t - this.#anchor.t >= this.#stationaryAfterMs
    );
  }

  /** Whether it stands now or stood for half of its time. */
  get wasStationary(): boolean {
    const first = this.#points[0];
    return (
      this.isStanding ||
      (first !== undefined && this.#standingMs > 0 && 2 * this.#standingMs >= (this.#last?.t ?? 0) - first.t)
    );
  }

  /** At most 32 points, the first and the newest among them. */
  get points(): readonly PathPoint[] {
    const newest = this.#last;
    if (!newest || this.#points.at(-1)?.t === newest.t) return this.#points;
    return [...this.#points.slice(0, MOST_POINTS - 1), newest];
  }

  /** Where it was whenever it moved, however long it stood between: at most 512 points and the newest. */
  get way(): readonly PathPoint[] {
    const newest = this.#last;
    return !newest || this.#steps.at(-1)?.t === newest.t ? this.#steps : [...this.#steps, newest];
  }

  /** Joins an earlier or later path of the same plate. */
  absorb(other: MotionPath): void {
    const later = (other.#last?.t ?? 0) > (this.#last?.t ?? 0) ? other : this;
    this.#steps = joinWays(this.way, other.way);
    const points = [...this.points, ...other.points].toSorted((a, b) => a.t - b.t);
    this.#points = [];
    this.#spacing = 0;
    this.#last = later.#last;
    this.#anchor = later.#anchor;
    this.#standingMs += other.#standingMs;
    for (const point of points) this.#store(point);
  }

  /** Notes where it stood until now, too: so it is known when it went away. */
  #step(point: PathPoint): void {
    const [from, last] = [this.#steps.at(-1), this.#last];
    if (from && Math.hypot(point.x - from.x, point.y - from.y) < STEP * point.w) return;
    if (from && last && last.t > from.t) this.#steps.push(last);
    this.#steps.push(point);
    if (this.#steps.length > MOST_STEPS) this.#steps = this.#steps.filter((_, index) => index % 2 === 0);
  }

  #store(point: PathPoint): void {
    const last = this.#points.at(-1);
    if (last && point.t - last.t < this.#spacing) return;
    this.#points.push(point);
    if (this.#points.length < MOST_POINTS) return;
    this.#points = this.#points.filter((_, index) => index % 2 === 0);
    this.#spacing = (2 * (point.t - this.#points[0].t)) / MOST_POINTS;
  }
}

/** One way after the other. While both went on at once, as where a vehicle has its text twice, the longer one counts. */
function joinWays(a: readonly PathPoint[], b: readonly PathPoint[]): PathPoint[] {
  const [long, short] = timeOf(a) >= timeOf(b) ? [a, b] : [b, a];
  const [begin, end] = [long[0]?.t ?? 0, long.at(-1)?.t ?? 0];
  return [...short.filter(({ t }) => t < begin), ...long, ...short.filter(({ t }) => t > end)];
}

function timeOf(way: readonly PathPoint[]): number {
  return (way.at(-1)?.t ?? 0) - (way[0]?.t ?? 0);
}
