import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { backoffDelay, pause } from '../base/retry.ts';
import { type Bus, publishAround } from '../bus/bus.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Spool } from './spool.ts';
import type { SpoolEntry } from './spool-reader.ts';

const BACKOFF = { firstMs: 100, maxMs: 10_000, factor: 2 };
const BATCH = 500;

/** How long closing waits for a bus that does not answer, milliseconds. */
const CLOSE_GRACE_MS = 3000;

export type PublisherOptions = Readonly<{ spool: Spool; bus: Bus; topic: string; log: Log; metrics: Metrics }>;

/** Carries the spool's entries to the bus in order and has them forgotten once the bus has them safe. */
export class Publisher implements AsyncDisposable {
  readonly #options: PublisherOptions;
  readonly #closing = new AbortController();
  readonly #givingUp = new AbortController();
  readonly #running: Promise<void>;
  #wake = Promise.withResolvers<void>();

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** To be called after an append: there is something to carry. */
  notify(): void {
    this.#show();
    this.#wake.resolve();
  }

  /** Tries once more to empty the spool, then stops; what is left stays in the spool for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#wake.resolve();
    const giveUp = setTimeout(() => this.#givingUp.abort(), CLOSE_GRACE_MS);
    await this.#running;
    clearTimeout(giveUp);
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (true) {
      const { spool, log } = this.#options;
      if (spool.waiting === 0) {
        if (this.#closing.signal.aborted) return;
        await this.#wake.promise;
        this.#wake = Promise.withResolvers<void>();
        continue;
      }
      try {
        await this.#publish(await spool.peek(BATCH));
        failures = 0;
      } catch (error) {
        if (this.#closing.signal.aborted) {
          log.warn({ err: error, waiting: spool.waiting }, 'the publisher stops with events in the spool');
          return;
        }
        const delayMs = backoffDelay(BACKOFF, failures++);
        log.warn({ err: error, waiting: spool.waiting, delay_ms: delayMs }, 'the bus does not take events');
        await pause(delayMs, this.#closing.signal);
      }
    }
  }

  async #publish(batch: readonly SpoolEntry[]): Promise<void> {
    const { bus, spool, topic, metrics } = this.#options;
    const last = batch.at(-1);
    if (!last) return;
    const stop = metrics.stage.startTimer({ stage: 'publish' });
    const messages = batch.map(({ payload }) => ({ topic, key: readCameraId(payload), value: payload, headers: {} }));
    const entryOf = new Map(messages.map((message, at) => [message as object, batch[at] as SpoolEntry]));
    const publishing = publishAround(bus, messages, async (message, refusal) => {
      await spool.putAside(entryOf.get(message) as SpoolEntry, refusal);
      metrics.eventsRefused.inc();
    });
    await unlessAborted(publishing, this.#givingUp.signal);
    stop();
    await spool.acknowledge(last.id);
    this.#show();
  }

  #show(): void {
    const { spool, metrics } = this.#options;
    metrics.spool.set(spool.waiting);
    metrics.eventsAside.set(spool.aside);
    metrics.spoolBytes.set(spool.bytes);
  }
}

/** `work`, or BUS_UNAVAILABLE as soon as `signal` aborts; leaves nothing behind on the signal. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = () => {
    reject(new AlprError('BUS_UNAVAILABLE', 'The bus did not answer before the stop; its events stay in the spool'));
  };
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** The message key. An entry that is no event still goes out: the consumer makes it a dead letter with its bytes. */
function readCameraId(payload: Uint8Array): string {
  return /"camera_id":"([^"\\]*)"/.exec(Buffer.from(payload).toString('utf8'))?.[1] ?? 'unknown';
}
