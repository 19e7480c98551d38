import type { Frame } from '../../vision/frame.ts';
import type { Sighting } from '../../vision/fuse/sighting.ts';
import type { Observation, Pipeline } from '../../vision/pipeline.ts';
import { countPassages, startTally } from './judge-trial.ts';
import type { Ends, Tally } from './sync-state.ts';

/** A camera's past fades so that it is that of the last few thousand passages. */
const KEPT_PASSAGES = 2000;

/** The pace of a camera is that of about so many pictures: those of a passage and of the time until it is over. */
const PACE_FRAMES = 16;
/** Paces are told apart in steps of the square root of two. */
const STEPS_PER_DOUBLE = 2;
/** What is longer is a camera that was away, milliseconds. */
const LONGEST_GAP_MS = 10_000;

/** Which cameras a trial is about: these, or all but others; and when it began, if that was in an earlier process. */
export type Watched = Readonly<{
  cameras?: readonly string[] | undefined;
  without?: readonly string[] | undefined;
  since?: string;
}>;

type Counted = Readonly<{
  cameras: ReadonlySet<string> | undefined;
  without: ReadonlySet<string>;
  tally: Tally;
  /** By the monotonic clock, milliseconds. */
  beganAt: number;
}>;

/** What is counted at once: numbers, and how passages ended that went by just now. */
type Counts = Partial<Omit<Tally, 'passages'>> & Readonly<{ ended?: Partial<Ends> }>;

/** Counts how the networks fare on each camera: all along, and for versions on trial. */
export class CameraWatch {
  readonly #past = new Map<string, Tally>();
  readonly #paces = new Map<string, Pace>();
  readonly #trials = new Map<string, Counted>();
  readonly #onFinal: (sighting: Sighting) => void;

  /** `onFinal` is told of each passage that was read. */
  constructor(onFinal: (sighting: Sighting) => void) {
    this.#onFinal = onFinal;
  }

  /** The same pipeline, watched. */
  watch(camera: string, pipeline: Pipeline): Pipeline {
    const finish = (sightings: readonly Sighting[]) => {
      for (const sighting of sightings) {
        if (sighting.status !== 'final') continue;
        this.#count(camera, { ended: { read: 1 } });
        this.#onFinal(sighting);
      }
    };
    return {
      observe: async (frame: Frame) => {
        this.#pace(camera).note(frame.mediaTime);
        const observation = await pipeline.observe(frame).catch((error: unknown) => {
          this.#count(camera, { frames: 1, failed: 1 });
          throw error;
        });
        this.#count(camera, summarize(observation));
        finish(observation.sightings);
        return observation;
      },
      end: async () => {
        const ended = await pipeline.end();
        finish(ended.sightings);
        this.#count(camera, { ended: { lost: ended.lost.length } });
        return ended;
      },
    };
  }

  /** Begins to count anew for a trial; returns what its cameras were like before. */
  begin(trial: string, { cameras, without = [], since }: Watched): Tally {
    const earlierMs = since === undefined ? 0 : Math.max(0, Date.now() - Date.parse(since));
    const beganAt = performance.now() - earlierMs;
    const counted = { cameras: cameras && new Set(cameras), without: new Set(without), tally: startTally(), beganAt };
    this.#trials.set(trial, counted);
    const past = startTally();
    for (const [camera, tally] of this.#past) if (isOf(counted, camera)) add(past, tally);
    return past;
  }

  /** What a trial has counted so far, and how long it has taken, whatever the machine's clock is set to meanwhile. */
  get(trial: string): Readonly<{ tally: Tally; hours: number }> {
    const counted = this.#trials.get(trial);
    if (!counted) return { tally: startTally(), hours: 0 };
    return { tally: counted.tally, hours: (performance.now() - counted.beganAt) / 3_600_000 };
  }

  end(trial: string): void {
    this.#trials.delete(trial);
  }

  #count(camera: string, { ended, ...numbers }: Counts): void {
    const conditions = `${camera}/${this.#pace(camera).step}`;
    const passages = ended ? { [conditions]: { read: 0, lost: 0, unplated: 0, ...ended } } : {};
    const counts = { ...startTally(), ...numbers, passages };
    const past = this.#past.get(camera) ?? startTally();
    this.#past.set(camera, past);
    add(past, counts);
    if (countPassages(past) > KEPT_PASSAGES) halve(past);
    for (const counted of this.#trials.values()) if (isOf(counted, camera)) add(counted.tally, counts);
  }

  #pace(camera: string): Pace {
    const pace = this.#paces.get(camera) ?? new Pace();
    this.#paces.set(camera, pace);
    return pace;
  }
}

/** How fast the pictures of a camera come that are looked at, whatever it delivers. */
class Pace {
  #time: number | undefined;
  #logGap: number | undefined;

  note(mediaTime: number): void {
    const gap = mediaTime - (this.#time ?? mediaTime);
    this.#time = mediaTime;
    // A stream that began anew counts from zero again.
    if (gap <= 0) return;
    const logGap = Math.log2(Math.min(gap, LONGEST_GAP_MS));
    this.#logGap = this.#logGap === undefined ? logGap : this.#logGap + (logGap - this.#logGap) / PACE_FRAMES;
  }

  /** The same for paces that are nearly the same. */
  get step(): number {
    return Math.round(STEPS_PER_DOUBLE * (this.#logGap ?? 0));
  }
}

function isOf({ cameras, without }: Counted, camera: string): boolean {
  return cameras ? cameras.has(camera) : !without.has(camera);
}

function summarize({ gated, timings, lost, unplated }: Observation): Counts {
  const ended = lost.length + unplated.length > 0 ? { ended: { lost: lost.length, unplated: unplated.length } } : {};
  if (gated) return ended;
  const { detectMs, readMs } = timings;
  // A frame in which nothing was read takes no time to speak of.
  const looks = readMs > 0.5 ? { looks: 1, readMs } : {};
  return { ...ended, frames: 1, detectMs, ...looks };
}

function add(sum: Tally, counts: Tally): void {
  for (const key of NUMBERS) sum[key] += counts[key];
  for (const [conditions, ends] of Object.entries(counts.passages)) {
    const known = sum.passages[conditions] ?? { read: 0, lost: 0, unplated: 0 };
    sum.passages[conditions] = known;
    for (const key of ENDS) known[key] += ends[key];
  }
}

function halve(tally: Tally): void {
  for (const key of NUMBERS) tally[key] /= 2;
  for (const ends of Object.values(tally.passages)) for (const key of ENDS) ends[key] /= 2;
}

const NUMBERS = ['frames', 'failed', 'detectMs', 'looks', 'readMs'] as const;
const ENDS = ['read', 'lost', 'unplated'] as const;
