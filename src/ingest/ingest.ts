import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Bus, BusMessage } from '../bus/bus.ts';
import { EventCodec } from '../contract/event-codec.ts';
import type { Topics } from '../contract/topics.ts';
import type { Sql } from '../db/sql.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { IngestConfig } from './config.ts';
import { createDeadLetterTable } from './dead-letter-table.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
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
  /** How events stand on the wire; JSON without it. */
  codec?: EventCodec;
  /** Where messages go that are no event; the database's table without it. */
  deadLetters?: DeadLetters;
}>;

type IngestParts = Required<IngestOptions>;

/** Messages in one transaction, which costs one wait for the disk: while some are written the next are decoded. */
const CHUNK = 2500;

/**
 * Takes events from the bus into the database. Writing is idempotent; while the database is away the handler throws, so
 * that the bus brings the batch again; a message that is no event goes to the dead letters and stops nothing.
 */
export function runIngest(options: IngestOptions): Promise<AsyncDisposable> {
  const { bus, topics, config, sql, metrics } = options;
  const codec = options.codec ?? new EventCodec({ format: 'json' });
  const parts = { ...options, codec, deadLetters: options.deadLetters ?? createDeadLetterTable(sql, metrics) };
  return bus.subscribe(
    { topic: topics.plates, group: INGEST_GROUP, maxBatch: config.batch_events, maxWaitMs: config.batch_wait_ms },
    (batch) => noteOutcome(options, () => ingestBatch(parts, batch)),
  );
}

/** Shows in the metrics whether batches can be written; the bus logs each failure and waits before it tries again. */
async function noteOutcome({ metrics }: IngestOptions, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    metrics.ingestWorks.set(1);
  } catch (error) {
    metrics.ingestWorks.set(0);
    metrics.ingestRetries.inc({ cause: error instanceof AlprError ? error.code : 'INTERNAL' });
    throw error;
  }
}

async function ingestBatch(parts: IngestParts, batch: readonly BusMessage[]): Promise<void> {
  const { metrics, log, config, deadLetters } = parts;
  const stop = metrics.stage.startTimer({ stage: 'ingest' });
  const dead: DeadLetter[] = [];
  const chunks = decodeChunks(parts, batch, dead);
  // A failed write ends the generator for all writers. They are waited for: the batch comes again and must not meet its own writes.
  const writers = Array.from({ length: config.writers }, async () => {
    for await (const chunk of chunks) await writeChunk(parts, chunk, dead);
  });
  const outcomes = await Promise.allSettled(writers);
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  await deadLetters.keep(dead);
  metrics.ingested.inc({ outcome: 'dead' }, dead.length);
  if (dead.length > 0) log.warn({ dead: dead.length }, 'messages that are no event were put among the dead letters');
  stop();
}

/** Decodes one chunk at a time, while those before it are written. */
async function* decodeChunks({ codec }: IngestParts, batch: readonly BusMessage[], dead: DeadLetter[]) {
  for (let at = 0; at < batch.length; at += CHUNK) {
    const ready = await decodeMessages(batch.slice(at, at + CHUNK), codec);
    dead.push(...ready.dead);
    yield ready.good;
  }
}

async function writeChunk({ sql, metrics }: IngestParts, good: readonly Decoded[], dead: DeadLetter[]): Promise<void> {
  const counts = await writeAround(sql, good, dead);
  metrics.ingested.inc({ outcome: 'written' }, counts.written);
  metrics.ingested.inc({ outcome: 'stale' }, counts.stale);
}

type Counts = Readonly<{ written: number; stale: number }>;

/** Writes all; where the database refuses the data itself, halves find the refused event and the rest is written. */
async function writeAround(sql: Sql, good: readonly Decoded[], dead: DeadLetter[]): Promise<Counts> {
  if (good.length === 0) return { written: 0, stale: 0 };
  try {
    const written = await writeRows(
      sql,
      good.map(({ row }) => row),
    );
    return { written, stale: good.length - written };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [only] = good;
    if (good.length === 1 && only) {
      const reason = new AlprError('EVENT_INVALID', `The database refused the event: ${error.message}`, {
        cause: error,
      });
      dead.push({ message: only.message, error: reason });
      return { written: 0, stale: 0 };
    }
    const half = good.length >> 1;
    const first = await writeAround(sql, good.slice(0, half), dead);
    const second = await writeAround(sql, good.slice(half), dead);
    return { written: first.written + second.written, stale: first.stale + second.stale };
  }
}

/** SQLSTATE class 22 (data exception) and 23 (integrity): the data can never be stored, however often it is tried. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^2[23]\w{3}$/.test(String(error.code));
}
