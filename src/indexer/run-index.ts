import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { retryForever } from '../base/retry.ts';
import type { Bus, BusMessage } from '../bus/bus.ts';
import type { EventCodec } from '../contract/event-codec.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Topics } from '../contract/topics.ts';
import type { OpenSearchConfig } from '../search/config.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** The consumer group that brings events into the search index. */
export const INDEX_GROUP = 'index';

type IndexOptions = Readonly<{
  bus: Bus;
  codec: EventCodec;
  topics: Topics;
  index: SearchIndex;
  log: Log;
  metrics: Metrics;
  config: Pick<OpenSearchConfig, 'batch_events' | 'batch_wait_ms'>;
}>;

const BACKOFF = { firstMs: 250, maxMs: 15_000, factor: 2 };
/** A few milliseconds of work, after which sockets and timers have their turn. */
const AT_ONCE = 32;

/** `failed` rejects when going on makes no sense, such as when the cluster refuses the password; it never resolves. */
export type RunningIndex = AsyncDisposable & Readonly<{ failed: Promise<never> }>;

/**
 * Takes events from the bus into the search index, once the index is prepared. While the cluster is away it is tried again
 * for ever, and the bus keeps what comes; a message that is no event is left to ingest, which keeps it as a dead letter.
 */
export function runIndex(options: IndexOptions): RunningIndex {
  const closing = new AbortController();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const running = begin(options, closing);
  running.catch((error: unknown) => {
    if (error !== STOPPED) reject(error);
  });
  // Whoever runs this may look at it later.
  failed.catch(() => undefined);
  return {
    failed,
    async [Symbol.asyncDispose]() {
      closing.abort(STOPPED);
      const subscription = await running.catch(() => undefined);
      await subscription?.[Symbol.asyncDispose]();
    },
  };
}

const STOPPED = Symbol('stopped');

async function begin(options: IndexOptions, closing: AbortController): Promise<AsyncDisposable> {
  const { bus, topics, config, log, metrics } = options;
  await retryForever({
    work: () => prepare(options, closing),
    backoff: BACKOFF,
    signal: closing.signal,
    onError: (err, delayMs) => {
      metrics.indexWorks.set(0);
      log.warn({ err, delay_ms: delayMs }, 'the search index cannot be prepared; trying again');
    },
  });
  return bus.subscribe(
    { topic: topics.plates, group: INDEX_GROUP, maxBatch: config.batch_events, maxWaitMs: config.batch_wait_ms },
    (batch) => noteOutcome(options, () => indexBatch(options, batch)),
  );
}

async function prepare({ index, log }: IndexOptions, closing: AbortController): Promise<void> {
  try {
    const { retention, detail } = await index.prepare();
    log[retention === 'unsupported' ? 'warn' : 'info']({ retention: detail }, 'the search index is prepared');
  } catch (error) {
    if (!(error instanceof AlprError) || !error.retry) closing.abort(error);
    throw error;
  }
}

/** Shows in the metrics whether batches can be indexed; the bus logs each failure and waits before it tries again. */
async function noteOutcome({ metrics }: IndexOptions, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    metrics.indexWorks.set(1);
  } catch (error) {
    metrics.indexWorks.set(0);
    metrics.indexRetries.inc({ cause: error instanceof AlprError ? error.code : 'INTERNAL' });
    throw error;
  }
}

async function indexBatch({ codec, index, metrics, log }: IndexOptions, batch: readonly BusMessage[]): Promise<void> {
  const stop = metrics.stage.startTimer({ stage: 'index' });
  await codec.learn(batch.map(({ value }) => value));
  const events: PlateEvent[] = [];
  for (const [at, message] of batch.entries()) {
    if (at > 0 && at % AT_ONCE === 0) await yieldToOthers();
    const event = decodeOrSkip(codec, message, log);
    if (event) events.push(event);
  }
  const { written, stale, refused } = await index.write(events);
  for (const { id, reason } of refused)
    log.error({ id, reason }, 'the search engine refuses an event, which search does not find');
  metrics.indexed.inc({ outcome: 'written' }, written);
  metrics.indexed.inc({ outcome: 'stale' }, stale);
  metrics.indexed.inc({ outcome: 'refused' }, refused.length);
  metrics.indexed.inc({ outcome: 'unreadable' }, batch.length - events.length);
  stop();
}

function decodeOrSkip(codec: EventCodec, { value, key, origin }: BusMessage, log: Log): PlateEvent | undefined {
  try {
    return codec.decode(value);
  } catch (error) {
    if (!(error instanceof AlprError)) throw error;
    log.debug(
      { key, origin: origin && `${origin.partition}/${origin.offset}`, err: error },
      'a message is not an event',
    );
    return undefined;
  }
}
