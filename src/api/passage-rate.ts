import type { Metrics } from '../telemetry/metrics.ts';

const DAY_MS = 24 * 3_600_000;
const STEP_MS = 600_000;

type Sample = Readonly<{ at: number; read: number; ended: number }>;

/** The share of passages that ended with a read, over the last day or since the start where that is less. */
export class PassageRate {
  readonly #metrics: Metrics;
  readonly #samples: Sample[] = [{ at: 0, read: 0, ended: 0 }];

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** 0–1, or null when no passage ended. */
  async read(now: number): Promise<number | null> {
    const { values } = await this.#metrics.passages.get();
    const sum = (outcome?: string) =>
      values.reduce((all, { value, labels }) => all + (!outcome || labels.outcome === outcome ? value : 0), 0);
    const sample = { at: now, read: sum('read'), ended: sum() };
    if (now - (this.#samples.at(-1)?.at ?? 0) >= STEP_MS) this.#samples.push(sample);
    while ((this.#samples[1]?.at ?? now) < now - DAY_MS) this.#samples.shift();
    const [first = sample] = this.#samples;
    const ended = sample.ended - first.ended;
    return ended > 0 ? (sample.read - first.read) / ended : null;
  }
}
