import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { backoffDelay, pause } from '../base/retry.ts';
import { type Bus, publishAround, Raw } from '../bus/bus.ts';
import { NO_TRACING, type Tracing } from '../telemetry/tracing/tracing.ts';
import type { EdgeMetrics } from './metrics.ts';
import type { Spool } from './spool.ts';
import type { SpoolEntry } from './spool-reader.ts';
import { readSpooled, type SpooledEvent } from './spooled-event.ts';
import { tracePublishing } from './trace-publishing.ts';

const BACKOFF = { firstMs: 100, maxMs: 10_000, factor: 2 };
const BATCH = 500;

/** How long closing waits for a bus that does not answer, milliseconds. */
const CLOSE_GRACE_MS = 3000;

export type PublisherOptions = Readonly<{
  spool: Spool;
  bus: Bus;
  log: Log;
  metrics: EdgeMetrics;
  tracing?: Tracing;
}>;

/** Carries the spool's entries to the bus in order and acknowledges them once the bus has them. */
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

  /** Call it after an append: there is something to carry. */
  notify(): void {
    this.#show();
    this.#wake.resolve();
  }

  /** Tries once more to empty the spool, then stops; the rest stays in the spool for the next start. */
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
        await this.#publish(await spool.peek(BATCH), failures);
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

  async #publish(batch: readonly SpoolEntry[], failures: number): Promise<void> {
    const { bus, spool, metrics, tracing = NO_TRACING } = this.#options;
    const last = batch.at(-1);
    if (!last) return;
    const stop = metrics.stage.startTimer({ stage: 'publish' });
    const contents = new Map(batch.map((entry) => [entry, readSpooled(entry.payload)]));
    metrics.spoolOldest.set(madeAt(contents.values().find(({ content }) => !(content instanceof Raw))));
    const endTrace = tracePublishing(tracing, contents.values(), failures);
    const refused = new Set<SpooledEvent>();
    const publish = (entries: readonly SpoolEntry[]) =>
      bus.publish(
        'plates',
        entries.flatMap((entry) => contents.get(entry)?.content ?? []),
      );
    const publishing = publishAround(publish, batch, async (entry, refusal) => {
      await spool.putAside(entry, refusal);
      metrics.eventsRefused.inc();
      const content = contents.get(entry);
      if (content) refused.add(content);
    });
    await unlessAborted(publishing, this.#givingUp.signal);
    const newest = contents.get(last)?.content;
    stop(newest instanceof Raw ? undefined : newest?.event_id);
    endTrace?.(refused);
    await spool.acknowledge(last.id);
    this.#show();
  }

  #show(): void {
    const { spool, metrics } = this.#options;
    metrics.spool.set(spool.waiting);
    metrics.eventsAside.set(spool.aside);
    metrics.spoolBytes.set(spool.bytes);
    if (spool.waiting === 0) metrics.spoolOldest.set(0);
  }
}

/** Resolves as `work`, or rejects with BUS_UNAVAILABLE as soon as `signal` aborts; leaves no listener on the signal. */
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

/** When an event was made, seconds since 1970; 0 where it does not say so. */
function madeAt(spooled: SpooledEvent | undefined): number {
  const at = spooled?.content instanceof Raw ? undefined : spooled?.content.time?.published;
  return at === undefined ? 0 : Date.parse(at) / 1000 || 0;
}
