import type { Box } from '../box.ts';
import type { Detection } from '../detection.ts';
import type { Frame } from '../frame.ts';
import { findCentre, measureIou } from '../geometry.ts';
import { MotionPath } from './motion-path.ts';
import { VehicleVotes } from './vehicle-votes.ts';

/** A plate found in a frame, on a vehicle if there is one around it; the picture itself is not kept. */
export type Sight = Readonly<{
  box: Box;
  score: number;
  vehicle: Detection | undefined;
  capturedAt: number;
  mediaTime: number;
  width: number;
  height: number;
}>;

/** The sight of a plate in a frame. */
export function toSight(
  { capturedAt, mediaTime, image }: Frame,
  { box, score }: Detection,
  vehicle?: Detection,
): Sight {
  return { box, score, vehicle, capturedAt, mediaTime, width: image.width, height: image.height };
}

/** Shift, as a share of its width, and growth by which a standing plate may have been replaced by another. */
const MOVED = 0.1;
const GROWN = 1.12;
/** Time for which a standing plate must be out of sight before another may have taken its place, milliseconds. */
const SWAP_MS = 700;

/** A plate that is this much wider for its height than a look before is coming out from behind something. A choice. */
const UNCOVERED = 1.15;

/** Share of the picture's height, at its upper and lower edge, in which cameras write. */
const WRITTEN = 0.1;

/** Where and when one plate was seen: everything about a passage that does not depend on what was read. */
export class Whereabouts {
  readonly #stationaryAfterMs: number;
  path: MotionPath;
  vehicle = new VehicleVotes();
  hits = 0;
  /** Best detector score so far. */
  topScore = 0;
  firstTime: number;
  firstSeenAt: number;
  /** Whether it has left the place where it was seen first. */
  hasMoved = false;
  /** Whether the newest sight shows more of the plate than the one before it, so that the next may show still more. */
  isComingOut = false;
  #first: Box | undefined;
  last: Sight | undefined;
  lastTime: number;
  lastSeenAt: number;

  constructor({ capturedAt, mediaTime }: Pick<Sight, 'capturedAt' | 'mediaTime'>, stationaryAfterMs: number) {
    this.#stationaryAfterMs = stationaryAfterMs;
    this.path = new MotionPath(stationaryAfterMs);
    this.firstTime = mediaTime;
    this.firstSeenAt = capturedAt;
    this.lastTime = mediaTime;
    this.lastSeenAt = capturedAt;
  }

  copy(): Whereabouts {
    const twin = new Whereabouts({ capturedAt: this.firstSeenAt, mediaTime: this.firstTime }, this.#stationaryAfterMs);
    const { hits, topScore, last, lastTime, lastSeenAt, hasMoved, isComingOut } = this;
    twin.#first = this.#first;
    return Object.assign(twin, {
      path: this.path.copy(),
      vehicle: this.vehicle.copy(),
      hits,
      topScore,
      last,
      lastTime,
      lastSeenAt,
      hasMoved,
      isComingOut,
    });
  }

  see(sight: Sight): void {
    this.topScore = Math.max(this.topScore, sight.score);
    this.hits += 1;
    this.#first ??= sight.box;
    this.hasMoved ||= isElsewhere(this.#first, sight.box);
    this.isComingOut = this.last !== undefined && rateShape(sight.box) > UNCOVERED * rateShape(this.last.box);
    this.#takeNewest(sight, sight.mediaTime, sight.capturedAt);
    this.path.add(sight.box, sight.mediaTime);
    if (sight.vehicle) this.vehicle.add(sight.vehicle);
  }

  /** Takes over what is known of another passage of the same vehicle; `keepStart` when the beginning is known outside. */
  absorb(other: Whereabouts, keepStart: boolean): void {
    if (!keepStart && other.firstTime < this.firstTime) {
      this.firstSeenAt = other.firstSeenAt;
      this.firstTime = other.firstTime;
    }
    this.path.absorb(other.path);
    this.vehicle.absorb(other.vehicle);
    if (other.lastTime >= this.lastTime) this.#takeNewest(other.last, other.lastTime, other.lastSeenAt);
    this.hits += other.hits;
    this.hasMoved ||= other.hasMoved || isElsewhere(this.#first, other.#first);
    this.topScore = Math.max(this.topScore, other.topScore);
  }

  /**
   * Whether a sight does not carry on where the plate was: another plate may be there now. `wasAbsent` says that the look before
   * did not find it.
   */
  isBrokenBy({ box, mediaTime }: Sight, wasAbsent: boolean): boolean {
    if (!this.last) return false;
    const waited = mediaTime - this.lastTime;
    if (this.path.isStanding) return isElsewhere(this.last.box, box) || (wasAbsent && waited >= SWAP_MS);
    return wasAbsent || measureIou(this.#predict(this.last, waited), box) === 0;
  }

  /** Whether a plate that goes on as it did is still within the picture after `waited` milliseconds: then something hides it. */
  isHidden(waited: number): boolean {
    if (!this.last) return false;
    const { x0, y0, x1, y1 } = this.#predict(this.last, waited);
    return x0 > 0 && y0 > 0 && x1 < this.last.width && y1 < this.last.height;
  }

  /**
   * Whether it is rather text that the camera writes into its picture: it has never moved, is on no vehicle, and keeps to the upper or
   * lower edge.
   */
  get looksWritten(): boolean {
    if (!this.last || this.hasMoved || this.vehicle.decide()) return false;
    const place = findCentre(this.last.box).y / this.last.height;
    return Math.min(place, 1 - place) < WRITTEN;
  }

  #predict({ box }: Sight, waited: number): Box {
    const { x, y } = this.path.speed;
    const [dx, dy] = [x * waited, y * waited];
    return { x0: box.x0 + dx, y0: box.y0 + dy, x1: box.x1 + dx, y1: box.y1 + dy };
  }

  #takeNewest(last: Sight | undefined, lastTime: number, lastSeenAt: number): void {
    this.last = last;
    this.lastTime = lastTime;
    this.lastSeenAt = lastSeenAt;
  }
}

function rateShape({ x0, y0, x1, y1 }: Box): number {
  return (x1 - x0) / (y1 - y0);
}

function isElsewhere(before: Box | undefined, now: Box | undefined): boolean {
  if (!before || !now) return false;
  const [a, b] = [findCentre(before), findCentre(now)];
  const growth = (now.y1 - now.y0) / (before.y1 - before.y0);
  return Math.hypot(a.x - b.x, a.y - b.y) > MOVED * (before.x1 - before.x0) || growth > GROWN || growth < 1 / GROWN;
}
