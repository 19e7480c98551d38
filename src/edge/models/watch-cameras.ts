import type { Frame } from '../../vision/frame.ts';
import type { Sighting } from '../../vision/fuse/sighting.ts';
import type { Observation, Pipeline } from '../../vision/pipeline.ts';
import { NOTHING } from './judge-trial.ts';
import type { Tally } from './sync-state.ts';

/** A camera's past fades so that it is that of the last few thousand passages. */
const KEPT_PASSAGES = 2000;

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

/** Counts how the networks fare on each camera: all along, and for versions on trial. */
export class CameraWatch {
  readonly #past = new Map<string, Tally>();
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
        this.#count(camera, { read: 1 });
        this.#onFinal(sighting);
      }
    };
    return {
      observe: async (frame: Frame) => {
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
        this.#count(camera, { lost: ended.lost.length });
        return ended;
      },
    };
  }

  /** Begins to count anew for a trial; returns what its cameras were like before. */
  begin(trial: string, { cameras, without = [], since }: Watched): Tally {
    const earlierMs = since === undefined ? 0 : Math.max(0, Date.now() - Date.parse(since));
    const beganAt = performance.now() - earlierMs;
    const counted = { cameras: cameras && new Set(cameras), without: new Set(without), tally: { ...NOTHING }, beganAt };
    this.#trials.set(trial, counted);
    const past = { ...NOTHING };
    for (const [camera, tally] of this.#past) if (isOf(counted, camera)) add(past, tally);
    return past;
  }

  /** What a trial has counted so far, and how long it has taken, whatever the machine's clock is set to meanwhile. */
  get(trial: string): Readonly<{ tally: Tally; hours: number }> {
    const counted = this.#trials.get(trial);
    if (!counted) return { tally: NOTHING, hours: 0 };
    return { tally: counted.tally, hours: (performance.now() - counted.beganAt) / 3_600_000 };
  }

  end(trial: string): void {
    this.#trials.delete(trial);
  }

  #count(camera: string, counts: Partial<Tally>): void {
    const past = this.#past.get(camera) ?? { ...NOTHING };
    this.#past.set(camera, past);
    add(past, counts);
    if (past.read + past.lost + past.unplated > KEPT_PASSAGES) halve(past);
    for (const counted of this.#trials.values()) if (isOf(counted, camera)) add(counted.tally, counts);
  }
}

function isOf({ cameras, without }: Counted, camera: string): boolean {
  return cameras ? cameras.has(camera) : !without.has(camera);
}

function summarize({ gated, timings, lost, unplated }: Observation): Partial<Tally> {
  const passages = { lost: lost.length, unplated: unplated.length };
  if (gated) return passages;
  const { detectMs, readMs } = timings;
  // A frame in which nothing was read takes no time to speak of.
  const looks = readMs > 0.5 ? { looks: 1, readMs } : {};
  return { ...passages, frames: 1, detectMs, ...looks };
}

function add(sum: Tally, counts: Partial<Tally>): void {
  for (const key of KEYS) sum[key] += counts[key] ?? 0;
}

function halve(tally: Tally): void {
  for (const key of KEYS) tally[key] /= 2;
}

const KEYS = Object.keys(NOTHING) as readonly (keyof Tally)[];
