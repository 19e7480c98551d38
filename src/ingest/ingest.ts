import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import type { Bus, BusMessage } from '../bus/bus.ts';
import type { Topics } from '../contract/topics.ts';
import type { Sql } from '../db/sql.ts';
import type { IngestConfig } from './config.ts';
import { type DeadLetter, writeDeadLetters } from './dead-letters.ts';
import { type Decoded, decodeMessages } from './decode.ts';
import { writeRows } from './write.ts';

/** The consumer group that brings events into the database; without it no event is safe. */
export const INGEST_GROUP = 'ingest';

type IngestOptions = Readonly<{
  bus: Bus;
  sql: Sql;
  topics: Topics;
  log: Log;
  metrics: Metrics;
  config: IngestConfig;
}>;

/** Messages in one transaction: while one chunk is written the next is decoded. */
const CHUNK = 500;

/**
 * Takes events from the bus into the database. Writing is idempotent; while the database is away the handler throws, so
 * that the bus brings the batch again; a message that is no event goes to the dead letters and stops nothing.
 */
export function runIngest(options: IngestOptions): Promise<AsyncDisposable> {
  const { bus, topics, config } = options;
  return bus.subscribe(
    { topic: topics.plates, group: INGEST_GROUP, maxBatch: config.batch_events, maxWaitMs: config.batch_wait_ms },
    (batch) => ingestBatch(options, batch),
  );
}

async function ingestBatch(options: IngestOptions, batch: readonly BusMessage[]): Promise<void> {
  const { sql, metrics, log } = options;
  const stop = metrics.stage.startTimer({ stage: 'ingest' });
  const dead: DeadLetter[] = [];
  let written = 0;
  let next = decodeMessages(batch.slice(0, CHUNK));
  for (let at = 0; at < batch.length; at += CHUNK) {
    const ready = await next;
    next = decodeMessages(batch.slice(at + CHUNK, at + 2 * CHUNK));
    dead.push(...ready.dead);
    written += await writeAround(sql, ready.good, dead);
  }
  await writeDeadLetters(sql, dead);
  metrics.ingested.inc({ outcome: 'written' }, written);
  metrics.ingested.inc({ outcome: 'stale' }, batch.length - dead.length - written);
  metrics.ingested.inc({ outcome: 'dead' }, dead.length);
  if (dead.length > 0) log.warn({ dead: dead.length }, 'messages that are no event were put among the dead letters');
  stop();
}

/** Writes all; where the database refuses the data itself, halves find the refused event and the rest is written. */
async function writeAround(sql: Sql, good: readonly Decoded[], dead: DeadLetter[]): Promise<number> {
  if (good.length === 0) return 0;
  try {
    return await writeRows(
      sql,
      good.map(({ row }) => row),
    );
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [only] = good;
    if (good.length === 1 && only) {
      const reason = new AlprError('EVENT_INVALID', `The database refused the event: ${error.message}`, {
        cause: error,
      });
      dead.push({ message: only.message, error: reason });
      return 0;
    }
    const half = good.length >> 1;
    return (await writeAround(sql, good.slice(0, half), dead)) + (await writeAround(sql, good.slice(half), dead));
  }
}

/** SQLSTATE class 22 (data exception) and 23 (integrity): the data can never be stored, however often it is tried. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^2[23]\w{3}$/.test(String(error.code));
}
