import { AlprError } from '../base/errors.ts';
import type { Counter, Gauge } from './telemetry.ts';

/** Whether a consumer's batches are handled, for its metrics and its health. */
export class BatchOutcomes implements Disposable {
  readonly #works: Gauge;
  readonly #retries: Counter<'cause'>;
  #isWell = true;
  #failures = 0;

  constructor(metrics: Readonly<{ works: Gauge; retries: Counter<'cause'> }>) {
    this.#works = metrics.works;
    this.#retries = metrics.retries;
    this.#works.set(1);
  }

  /** `ok` after a batch that was handled, and before the first one; false while one comes again. */
  state(): Readonly<{ ok: boolean; failures: number; message?: string }> {
    if (this.#isWell) return { ok: true, failures: this.#failures };
    return { ok: false, failures: this.#failures, message: 'A batch cannot be handled and comes again' };
  }

  /** Runs the handling of a batch. What it throws is thrown on: the bus logs it, waits, and brings the batch again. */
  async watch(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#note(true);
    } catch (error) {
      this.#note(false);
      this.#failures += 1;
      this.#retries.inc({ cause: error instanceof AlprError ? error.code : 'INTERNAL' });
      throw error;
    }
  }

  /** A service that was stopped handles none, whoever stopped it. */
  [Symbol.dispose](): void {
    this.#works.set(0);
  }

  #note(isWell: boolean): void {
    this.#isWell = isWell;
    this.#works.set(isWell ? 1 : 0);
  }
}
