import type { CameraStatus } from '../contract/live.ts';

const DAY_MS = 24 * 3_600_000;
const STEP_MS = 600_000;

type Sample = Readonly<{ at: number; read: number; ended: number }>;
type Counts = Pick<CameraStatus, 'passages' | 'passages_lost'>;

/** The share of passages that ended with a read, over the last day or since the start, whichever is shorter. */
export class PassageRate {
  readonly #known = new Map<string, Counts>();
  readonly #samples: Sample[] = [{ at: 0, read: 0, ended: 0 }];
  #read = 0;
  #ended = 0;

  /** 0–1, or null when no passage ended. `cameras` are the states that are known now. */
  at(now: number, cameras: readonly CameraStatus[]): number | null {
    for (const camera of cameras) this.#add(camera);
    const sample = { at: now, read: this.#read, ended: this.#ended };
    if (now - (this.#samples.at(-1)?.at ?? 0) >= STEP_MS) this.#samples.push(sample);
    while ((this.#samples[1]?.at ?? now) < now - DAY_MS) this.#samples.shift();
    const [first = sample] = this.#samples;
    const ended = sample.ended - first.ended;
    return ended > 0 ? (sample.read - first.read) / ended : null;
  }

  /** An edge that starts anew counts from zero again. */
  #add({ camera_id, passages, passages_lost }: CameraStatus): void {
    const before = this.#known.get(camera_id);
    const isNew = !before || passages < before.passages || passages_lost < before.passages_lost;
    const read = isNew ? passages : passages - before.passages;
    const lost = isNew ? passages_lost : passages_lost - before.passages_lost;
    this.#known.set(camera_id, { passages, passages_lost });
    this.#read += read;
    this.#ended += read + lost;
  }
}
