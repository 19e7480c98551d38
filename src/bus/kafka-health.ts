import type { Log } from '../base/log.ts';
import { describeKafkaError } from './kafka-client.ts';
import type { BusMetrics } from './metrics.ts';

/** Whether one connection to the broker works: logs each change and always sets the gauges. */
export class KafkaHealth {
  readonly #client: string;
  readonly #log: Log;
  readonly #metrics: BusMetrics;
  readonly #onForget: () => void;
  #awaySince: number | undefined;
  #workedAt = Number.NEGATIVE_INFINITY;

  /** `client` names the connection: `producer`, or topic and group of a consumer. */
  constructor(options: Readonly<{ client: string; log: Log; metrics: BusMetrics; onForget: () => void }>) {
    this.#client = options.client;
    this.#log = options.log;
    this.#metrics = options.metrics;
    this.#onForget = options.onForget;
  }

  get isUp(): boolean {
    return this.#awaySince === undefined;
  }

  /** Whether it has worked after that moment, by `performance.now`. */
  hasWorkedSince(moment: number): boolean {
    return this.#workedAt > moment;
  }

  noteWorking(): void {
    this.#workedAt = performance.now();
    this.#metrics.up.set({ client: this.#client }, 1);
    if (this.#awaySince === undefined) return;
    const away_s = Math.round((performance.now() - this.#awaySince) / 1000);
    this.#awaySince = undefined;
    this.#log.info({ client: this.#client, away_s }, 'the broker answers again');
  }

  noteFailed(error: unknown): void {
    this.#metrics.up.set({ client: this.#client }, 0);
    this.#metrics.failures.inc({ client: this.#client });
    if (this.#awaySince !== undefined) return;
    this.#awaySince = performance.now();
    this.#log.warn(
      { client: this.#client, error: describeKafkaError(error) },
      'the broker does not answer; trying again until it does',
    );
  }

  /** The broker does not answer at all: the same for a connection that has nothing to do, and so does not fail itself. */
  noteSilence(error: unknown): void {
    if (this.isUp) this.noteFailed(error);
  }

  /** The connection is closed for good: removes its gauges. */
  forget(): void {
    this.#metrics.up.remove({ client: this.#client });
    this.#onForget();
  }
}
