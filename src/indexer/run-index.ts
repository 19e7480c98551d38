import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { retryForever } from '../base/retry.ts';
import { type Arrival, type Bus, Undecodable } from '../bus/bus.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import type { OpenSearchConfig } from '../search/config.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { findErased } from '../store/privacy/erasures.ts';
import { BatchOutcomes } from '../telemetry/batch-outcomes.ts';
import { noteTaken, type Taken } from '../telemetry/tracing/note-taken.ts';
import { NO_TRACING, type Tracing } from '../telemetry/tracing/tracing.ts';
import { INDEX_GROUP } from './config.ts';
import type { IndexerMetrics } from './metrics.ts';

type IndexOptions = Readonly<{
  bus: Bus;
  index: SearchIndex;
  sql: Pick<Sql, 'query'>;
  log: Log;
  metrics: IndexerMetrics;
  config: Pick<OpenSearchConfig, 'batch_events' | 'batch_wait_ms'>;
  tracing?: Tracing;
}>;

const BACKOFF = { firstMs: 250, maxMs: 15_000, factor: 2 };
/** A few milliseconds of work, after which sockets and timers have their turn. */
const AT_ONCE = 32;

/** `failed` rejects when going on makes no sense, such as when the cluster refuses the password; it never resolves. */
export type RunningIndex = AsyncDisposable & Readonly<{ failed: Promise<never>; outcomes: BatchOutcomes }>;

/**
 * Takes events from the bus into the search index, once the index is prepared. While the cluster is away it is tried again
 * for ever, and the bus keeps what comes; a message that is no event is left to ingest, which keeps it as a dead letter.
 */
export function runIndex(options: IndexOptions): RunningIndex {
  const closing = new AbortController();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const outcomes = new BatchOutcomes(options.metrics);
  const running = begin(options, outcomes, closing);
  running.catch((error: unknown) => {
    if (error !== STOPPED) reject(error);
  });
  // Whoever runs this may look at it later.
  failed.catch(() => undefined);
  return {
    failed,
    outcomes,
    async [Symbol.asyncDispose]() {
      closing.abort(STOPPED);
      const subscription = await running.catch(() => undefined);
      await subscription?.[Symbol.asyncDispose]();
      outcomes[Symbol.dispose]();
    },
  };
}

const STOPPED = Symbol('stopped');

async function begin(
  options: IndexOptions,
  outcomes: BatchOutcomes,
  closing: AbortController,
): Promise<AsyncDisposable> {
  const { bus, config, log, metrics } = options;
  await retryForever({
    work: () => prepare(options, closing),
    backoff: BACKOFF,
    signal: closing.signal,
    onError: (err, delayMs) => {
      metrics.works.set(0);
      log.warn({ err, delayMs }, 'the search index cannot be prepared and is tried again');
    },
  });
  return bus.subscribe(
    { topic: 'plates', group: INDEX_GROUP, maxBatch: config.batch_events, maxWaitMs: config.batch_wait_ms },
    (batch) => {
      const hasFailed = !outcomes.state().ok;
      return outcomes.watch(() => indexBatch(options, batch, hasFailed));
    },
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

async function indexBatch(
  options: IndexOptions,
  batch: readonly Arrival<PlateEvent>[],
  hasFailed: boolean,
): Promise<void> {
  const { index, sql, metrics, log, bus, tracing = NO_TRACING } = options;
  const receivedAt = Date.now();
  const taken: Taken[] = [];
  const stop = metrics.stage.startTimer({ stage: 'index' });
  const arrived: PlateEvent[] = [];
  for (const [at, arrival] of batch.entries()) {
    if (at > 0 && at % AT_ONCE === 0) await yieldToOthers();
    const event = arrival.read();
    if (event instanceof Undecodable) {
      noteSkipped(event, log);
      continue;
    }
    arrived.push(event);
    if (tracing.isOn) taken.push({ event, headers: arrival.message.headers });
  }
  const ids = arrived.map(({ event_id }) => event_id.toLowerCase());
  const erased = await findErased(sql, ids);
  const events = arrived.filter(({ event_id }) => !erased.has(event_id.toLowerCase()));
  const { written, stale, refused } = await index.write(events);
  for (const { id, reason } of refused)
    log.error({ id, reason }, 'the search engine refuses an event, which search does not find');
  metrics.indexed.inc({ outcome: 'written' }, written);
  metrics.indexed.inc({ outcome: 'stale' }, stale);
  metrics.indexed.inc({ outcome: 'refused' }, refused.length);
  metrics.indexed.inc({ outcome: 'erased' }, arrived.length - events.length);
  metrics.indexed.inc({ outcome: 'unreadable' }, batch.length - arrived.length);
  // What was erased while it was written; what is marked later the erasure finds in the index.
  const late = [...(await findErased(sql, ids))].filter((id) => !erased.has(id));
  if (late.length > 0) await index.remove(late);
  stop(events.at(-1)?.event_id);
  noteTaken(tracing, taken, {
    ...{ bus: bus.kind, group: INDEX_GROUP, receivedAt, hasFailed },
    steps: () => [{ name: 'index', from: receivedAt, to: Date.now() }],
  });
}

function noteSkipped({ error, message: { key, origin } }: Undecodable, log: Log): void {
  log.debug({ key, origin: origin && `${origin.partition}/${origin.offset}`, err: error }, 'a message is not an event');
}
