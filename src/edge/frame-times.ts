import type { StageTimings } from '../vision/pipeline.ts';

/** When a frame was taken, when the pipeline began with it (milliseconds since the epoch), and how long each stage took. */
export type FrameWork = Readonly<{ capturedAt: number; startedAt: number; timings: StageTimings }>;

/** Some ten seconds to a minute of one camera. */
const MOST = 512;

/** What was done for the last frames of a camera, for the trace of a passage whose best look is one of them. */
export class FrameTimes {
  readonly #bySequence = new Map<number, FrameWork>();

  note(sequence: number, work: FrameWork): void {
    this.#bySequence.set(sequence, work);
    for (const oldest of this.#bySequence.keys()) {
      if (this.#bySequence.size <= MOST) break;
      this.#bySequence.delete(oldest);
    }
  }

  get(sequence: number): FrameWork | undefined {
    return this.#bySequence.get(sequence);
  }
}
