import type { Log } from '../base/log.ts';
import { pause, retryForever } from '../base/retry.ts';
import type { Postmaster } from './postmaster.ts';
import type { Sql } from './sql.ts';

const WATCH_MS = 200;
const RESTART = { firstMs: 100, maxMs: 10_000, factor: 2 };

/** A server and the connections to it. */
export type OpenServer = Readonly<{ sql: Sql; server: Postmaster }> & AsyncDisposable;

type KeptOptions = Readonly<{
  first: OpenServer;
  /** Whether that server still runs. */
  isRunning: (server: Postmaster) => Promise<boolean>;
  /** Starts another server over the same data. */
  start: () => Promise<OpenServer>;
  log: Log;
}>;

/**
 * Restarts a server, with growing pauses, whenever it ends without being told to. `sql` stays the same and is
 * DATABASE_UNAVAILABLE meanwhile; the server may come back on another port.
 */
export class KeptServer implements AsyncDisposable {
  readonly sql: Sql;
  readonly #options: KeptOptions;
  readonly #closing = new AbortController();
  readonly #watching: Promise<void>;
  readonly #retired: Promise<void>[] = [];
  #current: OpenServer;
  /** Between two servers there is nothing to stop. */
  #away = false;

  constructor(options: KeptOptions) {
    this.#options = options;
    this.#current = options.first;
    this.sql = {
      query: (text, values, name) => this.#current.sql.query(text, values, name),
      transaction: (work) => this.#current.sql.transaction(work),
      [Symbol.asyncDispose]: () => this.#current.sql[Symbol.asyncDispose](),
    };
    this.#watching = this.#watch();
  }

  /** The server that runs now, or ran last. */
  get server(): Postmaster {
    return this.#current.server;
  }

  /** Ends the watch first, so that nothing is restarted, then the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#watching;
    await Promise.all(this.#retired);
    if (!this.#away) await this.#current[Symbol.asyncDispose]();
  }

  async #watch(): Promise<void> {
    const { log, isRunning } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await pause(WATCH_MS, signal);
      try {
        if (signal.aborted || (await isRunning(this.server))) continue;
        await this.#startAgain();
      } catch (error) {
        if (!signal.aborted) log.error({ err: error }, 'the database server cannot be watched; going on');
      }
    }
  }

  async #startAgain(): Promise<void> {
    const { log, start } = this.#options;
    log.error({ pid: this.server.pid }, 'the database server ends unexpectedly; restarting it');
    this.#away = true;
    this.#retired.push(this.#retire(this.#current));
    this.#current = await retryForever({
      work: start,
      backoff: RESTART,
      signal: this.#closing.signal,
      onError: (error, delayMs) =>
        log.warn({ err: error, delay_ms: delayMs }, 'the database server does not restart yet; trying again'),
    });
    this.#away = false;
    log.info({ pid: this.server.pid }, 'the database server runs again');
  }
  /** Closes only its connections: its process id may already belong to another program. */
  async #retire(ended: OpenServer): Promise<void> {
    try {
      await ended.sql[Symbol.asyncDispose]();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'the connections of the ended server do not close');
    }
  }
}
