import type { Log } from '../../base/log.ts';
import { retryForever } from '../../base/retry.ts';
import type { Sql } from '../../db/sql.ts';
import { type Ended, finishDeliveries } from '../../store/alerts/outbox.ts';

type Options = Readonly<{
  sql: Sql;
  channel: string;
  log: Log;
  shiftMs: () => number;
  /** Ends the wait for a database that is away. */
  signal: AbortSignal;
}>;

type Waiting = Readonly<{ ended: Ended; done: () => void }>;

/** For writing down what came of it, while the database is away. */
const BACKOFF = { firstMs: 100, maxMs: 5000, factor: 2 };

/** Writes down what came of messages; those that end while it writes go together. */
export class Ledger {
  readonly #options: Options;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Resolves once it is written, or cannot be before the end: then it is sent once more, under the same name, when the lease is over. */
  add(ended: Ended): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ ended, done: resolve });
    this.#writing ??= this.#write();
    return promise;
  }

  async #write(): Promise<void> {
    const { sql, channel, log, shiftMs, signal } = this.#options;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const ended = batch.map((one) => one.ended);
      const finishing = retryForever({
        work: () => finishDeliveries(sql, ended, shiftMs()),
        backoff: BACKOFF,
        signal,
        onError: (err) => log.warn({ err, channel }, 'what came of a message cannot be written down yet'),
      });
      await finishing.catch((err: unknown) => {
        log.warn({ err, channel, ids: ended.map(({ id }) => id) }, 'what came of messages is not written down');
      });
      for (const { done } of batch) done();
    }
    this.#writing = undefined;
  }
}
