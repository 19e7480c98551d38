import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { backoffDelay, pause } from '../base/retry.ts';
import { type Bus, publishAround, Raw } from '../bus/bus.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { EdgeMetrics } from './metrics.ts';
import type { Spool } from './spool.ts';
import type { SpoolEntry } from './spool-reader.ts';

const BACKOFF = { firstMs: 100, maxMs: 10_000, factor: 2 };
const BATCH = 500;

/** How long closing waits for a bus that does not answer, milliseconds. */
const CLOSE_GRACE_MS = 3000;

export type PublisherOptions = Readonly<{ spool: Spool; bus: Bus; log: Log; metrics: EdgeMetrics }>;

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
    const { bus, spool, metrics } = this.#options;
    const last = batch.at(-1);
    if (!last) return;
    const stop = metrics.stage.startTimer({ stage: 'publish' });
    const contents = new Map(batch.map((entry) => [entry, readSpooled(entry.payload)]));
    metrics.spoolOldest.set(madeAt(contents.values().find((content) => !(content instanceof Raw))));
    const publish = (entries: readonly SpoolEntry[]) =>
      bus.publish(
        'plates',
        entries.flatMap((entry) => contents.get(entry) ?? []),
      );
    const publishing = publishAround(publish, batch, async (entry, refusal) => {
      await spool.putAside(entry, refusal);
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

/**
 * The event in an entry of the spool. An entry that is none still goes out as it is: its consumer makes it a dead letter with
 * its bytes. What the event holds the bus checks.
 */
function readSpooled(payload: Uint8Array): PlateEvent | Raw {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString();
  try {
    const value: unknown = JSON.parse(text);
    if (claimsToBeEvent(value)) return value;
  } catch {
    // No JSON is no event.
  }
  return new Raw({ key: /"camera_id":"([^"\\]*)"/.exec(text)?.[1] ?? 'unknown', value: payload });
}

/** When an event was made, seconds since 1970; 0 where it does not say so. */
function madeAt(event: PlateEvent | Raw | undefined): number {
  const at = event instanceof Raw ? undefined : event?.time?.published;
  return at === undefined ? 0 : Date.parse(at) / 1000 || 0;
}

function claimsToBeEvent(value: unknown): value is PlateEvent {
  if (typeof value !== 'object' || value === null || !('plate' in value && 'camera_id' in value)) return false;
  return typeof value.plate === 'object' && value.plate !== null && typeof value.camera_id === 'string';
}
