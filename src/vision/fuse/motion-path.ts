import type { Box } from '../box.ts';
import { findCentre } from '../geometry.ts';

/** Centre and size of the plate at a time, `t` in milliseconds of the stream. */
export type PathPoint = Readonly<{ t: number; x: number; y: number; w: number; h: number }>;

const MOST_POINTS = 32;
/** Time over which the speed of a plate is measured, milliseconds. */
const SPEED_MS = 300;

/** Where a plate went: a path of few points, and whether it is standing. */
export class MotionPath {
  readonly #stationaryAfterMs: number;
  #points: PathPoint[] = [];
  #spacing = 0;
  #anchor: PathPoint | undefined;
  #last: PathPoint | undefined;
  #standingMs = 0;

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

  /** Joins an earlier or later path of the same plate. */
  absorb(other: MotionPath): void {
    const later = (other.#last?.t ?? 0) > (this.#last?.t ?? 0) ? other : this;
    const points = [...this.points, ...other.points].toSorted((a, b) => a.t - b.t);
    this.#points = [];
    this.#spacing = 0;
    this.#last = later.#last;
    this.#anchor = later.#anchor;
    this.#standingMs += other.#standingMs;
    for (const point of points) this.#store(point);
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
