import type { Box, Point } from '../box.ts';
import type { Detection } from '../detection.ts';
import type { Frame } from '../frame.ts';
import { findCentre } from '../geometry.ts';
import { type Brightness, type Light, LightMeter } from '../light.ts';
import { TRACKER_DEFAULTS } from '../options/tracker.ts';
import { ByteTracker } from '../track/byte-track.ts';
import type { Track } from '../track/track.ts';

/** A vehicle that went by without any plate seen. */
export type Unplated = Readonly<{ light: Light }>;

/** Frames in which a vehicle must have been found: fewer are shadows and reflections. */
const LEAST_HITS = 5;
/** How far it must have come, in its own widths, or grown: what stands does not pass. */
const LEAST_WAY = 0.5;
const LEAST_GROWTH = 1.5;

/** A vehicle has 3.5 widths of a plate (1.8 m over 520 mm), a plate 4.7 of its heights (520 × 110 mm), and 0.7 of that is the text. */
const WIDTHS_OF_CHARACTER = (3.5 * 4.7) / 0.7;

/** A vehicle moves by less than its own size between frames. */
const TRACKER = { ...TRACKER_DEFAULTS, lowScore: 0.35, newScore: 0.5, confirmHits: 2, reach: 0.5 };

type Seen = {
  start: Box;
  way: number;
  growth: number;
  width: number;
  hits: number;
  hasPlate: boolean;
  light: LightMeter;
};

/** Follows vehicles to tell which of them go by without any plate seen, though one would be large enough to be read. */
export class VehicleBook {
  readonly #tracker = new ByteTracker(TRACKER);
  readonly #seen = new Map<number, Seen>();
  readonly #leastWidth: number;

  constructor(minCharHeightPx: number) {
    this.#leastWidth = WIDTHS_OF_CHARACTER * minCharHeightPx;
  }

  /** Takes the vehicles of the next frame and the plates that are followed in it; answers those that have gone without one. */
  follow(
    frame: Frame,
    vehicles: readonly Detection[],
    plates: readonly Track[],
    brightness: () => Brightness,
  ): readonly Unplated[] {
    const { tracked, removed } = this.#tracker.update(vehicles, { sequence: frame.sequence, time: frame.mediaTime });
    const centres = plates.map(({ detection }) => findCentre(detection.box));
    for (const { id, detection } of tracked) {
      const seen = this.#seen.get(id) ?? begin(detection.box);
      this.#seen.set(id, seen);
      note(seen, detection.box, centres);
      seen.light.add(brightness());
    }
    return removed.flatMap(({ id }) => {
      const seen = this.#seen.get(id);
      this.#seen.delete(id);
      return seen && this.#hasPassed(seen) ? { light: seen.light.light } : [];
    });
  }

  #hasPassed({ way, growth, width, hits, hasPlate }: Seen): boolean {
    if (hasPlate || hits < LEAST_HITS || width < this.#leastWidth) return false;
    return way >= LEAST_WAY || growth >= LEAST_GROWTH;
  }
}

function begin(start: Box): Seen {
  return { start, way: 0, growth: 1, width: 0, hits: 0, hasPlate: false, light: new LightMeter() };
}

function note(seen: Seen, box: Box, plates: readonly Point[]): void {
  const [from, to] = [findCentre(seen.start), findCentre(box)];
  const width = box.x1 - box.x0;
  const height = (box.y1 - box.y0) / (seen.start.y1 - seen.start.y0);
  seen.way = Math.max(seen.way, Math.hypot(to.x - from.x, to.y - from.y) / width);
  seen.growth = Math.max(seen.growth, height, 1 / height);
  seen.width = Math.max(seen.width, width);
  seen.hits += 1;
  // Of two vehicles one behind the other it is not said whose plate it is.
  seen.hasPlate ||= plates.some(({ x, y }) => x >= box.x0 && x <= box.x1 && y >= box.y0 && y <= box.y1);
}
