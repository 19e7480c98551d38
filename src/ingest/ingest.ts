import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { type Arrival, type Bus, Undecodable } from '../bus/bus.ts';
import type { DeadLetter, DeadLetters } from '../bus/dead-letters.ts';
import type { BusMessage } from '../bus/transport.ts';
import { eventIdOf } from '../contract/image-key.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import { isPlausible } from '../contract/plausible-time.ts';
import type { Sql } from '../db/sql.ts';
import type { Images } from '../images/images.ts';
import { type EventRow, keepFirstTime, rowOf } from '../store/event-row.ts';
import { writeRows } from '../store/write-events.ts';
import { BatchOutcomes } from '../telemetry/batch-outcomes.ts';
import { noteTaken } from '../telemetry/tracing/note-taken.ts';
import { NO_TRACING, type Tracing } from '../telemetry/tracing/tracing.ts';
import { INGEST_GROUP, type IngestConfig } from './config.ts';
import type { IngestMetrics } from './metrics.ts';
import { PASSAGES_GROUP, takePassages } from './passages.ts';

type IngestOptions = Readonly<{
  bus: Bus;
  sql: Sql;
  images: Pick<Images, 'remove'>;
  /** Where messages go that are no event. */
  deadLetters: DeadLetters;
  log: Log;
  metrics: IngestMetrics;
  config: IngestConfig;
  tracing?: Tracing;
}>;

/** Messages in one transaction, which costs one wait for the disk: while some are written the next are decoded. */
const CHUNK = 2500;

/** A few milliseconds of decoding, after which sockets and timers have their turn. */
const AT_ONCE = 32;

export type RunningIngest = AsyncDisposable & Readonly<{ outcomes: BatchOutcomes }>;

/**
 * Takes events from the bus into the database. Writing is idempotent; while the database is away the handler throws, so
 * that the bus brings the batch again; a message that is no event goes to the dead letters and stops nothing.
 */
export async function runIngest(options: IngestOptions): Promise<RunningIngest> {
  const { bus, deadLetters, config, metrics } = options;
  await using opened = new AsyncDisposableStack();
  const outcomes = opened.use(new BatchOutcomes(metrics));
  opened.use(await deadLetters.watch((cause) => metrics.deadLetters.inc({ cause })));
  opened.use(
    await bus.subscribe(
      { topic: 'plates', group: INGEST_GROUP, maxBatch: config.batch_events, maxWaitMs: config.batch_wait_ms },
      (batch) => {
        const hasFailed = !outcomes.state().ok;
        return outcomes.watch(() => ingestBatch({ ...options, hasFailed, receivedAt: Date.now() }, batch));
      },
    ),
  );
  const reports = { topic: 'metrics', group: PASSAGES_GROUP, maxBatch: 100, maxWaitMs: 100 } as const;
  opened.use(await bus.subscribe(reports, (batch) => takePassages(options.sql, batch)));
  const closing = opened.move();
  return { outcomes, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

type Decoded = Readonly<{
  message: BusMessage;
  row: EventRow;
  pictures: PlateEvent['images'];
  /** Milliseconds. */
  publishedAt: number;
  isRedated: boolean;
  /** Where events are traced. */
  event?: PlateEvent;
}>;

/** One batch at work, and whether it came before and could not be written. */
type BatchOptions = IngestOptions & Readonly<{ receivedAt: number; hasFailed: boolean }>;

async function ingestBatch(options: BatchOptions, batch: readonly Arrival<PlateEvent>[]): Promise<void> {
  const { metrics, log, config, deadLetters } = options;
  const stop = metrics.stage.startTimer({ stage: 'ingest' });
  const dead: DeadLetter[] = [];
  const misdated: PlateEvent[] = [];
  const chunks = readAhead(decodeChunks(options, batch, dead, misdated));
  // A failed write ends the generator for all writers. They are waited for: the batch comes again and must not meet its own writes.
  const writers = Array.from({ length: config.writers }, async () => {
    for await (const chunk of chunks) await writeChunk(options, chunk, dead);
  });
  const outcomes = await Promise.allSettled(writers);
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  await deadLetters.keep(dead);
  metrics.ingested.inc({ outcome: 'dead' }, dead.length);
  if (dead.length > 0) log.warn({ dead: dead.length }, 'messages that are no event are put among the dead letters');
  noteMisdated(options, misdated);
  stop();
}

function noteMisdated({ metrics, log }: IngestOptions, events: readonly PlateEvent[]): void {
  metrics.misdated.inc(events.length);
  if (events.length === 0) return;
  const cameras = [...new Set(events.map(({ camera_id }) => camera_id))].slice(0, 10);
  log.warn({ events: events.length, cameras }, 'events have a time that cannot be: a clock is wrong');
}

/** What happens with a revision that names another time than its event: it is kept as one of that event, with its time. */
function noteRedated({ metrics, log }: IngestOptions, events: number): void {
  if (events === 0) return;
  metrics.redated.inc(events);
  log.warn({ events }, 'revisions name another detected_at than their event has, which stays as it is');
}

/** Decodes one chunk at a time, while those before it are written; what is no event goes to `dead`. */
async function* decodeChunks(
  { tracing = NO_TRACING }: IngestOptions,
  batch: readonly Arrival<PlateEvent>[],
  dead: DeadLetter[],
  misdated: PlateEvent[],
) {
  // Chunks are written side by side, and so cannot see each other in the database.
  const times = new Map<string, string>();
  for (let at = 0; at < batch.length; at += CHUNK) {
    const good: Decoded[] = [];
    for (const [index, arrival] of batch.slice(at, at + CHUNK).entries()) {
      if (index > 0 && index % AT_ONCE === 0) await yieldToOthers();
      const event = arrival.read();
      if (event instanceof Undecodable) {
        dead.push(event);
        continue;
      }
      const row = rowOf(event);
      const dated = keepFirstTime(row, times);
      const publishedAt = Date.parse(event.time.published);
      good.push({
        message: arrival.message,
        row: dated,
        pictures: event.images,
        publishedAt,
        isRedated: dated !== row,
        ...(tracing.isOn && { event }),
      });
      if (!isPlausible(event.detected_at, Date.now())) misdated.push(event);
    }
    yield good;
  }
}

/** Asks for the next value as soon as one is taken: while as many chunks are written as there are writers, one more is decoded. */
async function* readAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  let coming = source.next();
  try {
    for (let one = await coming; !one.done; one = await coming) {
      coming = source.next();
      yield one.value;
    }
  } finally {
    await coming;
  }
}

async function writeChunk(options: BatchOptions, good: readonly Decoded[], dead: DeadLetter[]): Promise<void> {
  const { metrics } = options;
  const from = Date.now();
  const counts = await writeAround(options, good, dead);
  noteRedated(options, counts.redated + good.filter(({ isRedated }) => isRedated).length);
  metrics.ingested.inc({ outcome: 'written' }, counts.written);
  metrics.ingested.inc({ outcome: 'stale' }, counts.stale);
  metrics.ingested.inc({ outcome: 'erased' }, counts.erased);
  traceRows(options, good, from);
}

/** Notes the way of each event over the bus, and its part of the batch and of the transaction. */
function traceRows(options: BatchOptions, good: readonly Decoded[], from: number): void {
  const { tracing = NO_TRACING, bus, receivedAt, hasFailed } = options;
  if (!tracing.isOn) return;
  const to = Date.now();
  const attributes = { 'alpr.batch': good.length };
  noteTaken(
    tracing,
    good.flatMap(({ event, message: { headers } }) => (event ? [{ event, headers }] : [])),
    {
      ...{ bus: bus.kind, group: INGEST_GROUP, receivedAt, hasFailed },
      steps: () => [
        { name: 'ingest', from: receivedAt, to },
        { name: 'row', from, to, attributes },
      ],
    },
  );
}

type Counts = Readonly<{ written: number; stale: number; erased: number; redated: number }>;

const NONE: Counts = { written: 0, stale: 0, erased: 0, redated: 0 };

/** Writes all; where the database refuses the data itself, halves find the refused event and the rest is written. */
async function writeAround(options: IngestOptions, good: readonly Decoded[], dead: DeadLetter[]): Promise<Counts> {
  if (good.length === 0) return NONE;
  try {
    const { written, isWritten, erased, redated } = await writeRows(
      options.sql,
      good.map(({ row }) => row),
    );
    noteWritten(
      options.metrics,
      good.filter(({ row }) => isWritten(row.id)),
    );
    const refused = erased.size === 0 ? [] : good.filter(({ row }) => erased.has(row.id));
    await removePictures(options, refused);
    return { written, erased: refused.length, redated, stale: good.length - written - refused.length };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [only] = good;
    if (good.length === 1 && only) {
      const reason = new AlprError('EVENT_INVALID', `The database refused the event: ${error.message}`, {
        cause: error,
      });
      dead.push({ message: only.message, error: reason });
      return NONE;
    }
    const half = good.length >> 1;
    const first = await writeAround(options, good.slice(0, half), dead);
    const second = await writeAround(options, good.slice(half), dead);
    return {
      written: first.written + second.written,
      stale: first.stale + second.stale,
      erased: first.erased + second.erased,
      redated: first.redated + second.redated,
    };
  }
}

/** How long events took; of the slowest the metrics keep which it was. */
function noteWritten({ eventToRow }: IngestMetrics, written: readonly Decoded[]): void {
  const now = Date.now();
  const first = Math.min(...written.map(({ publishedAt }) => publishedAt));
  for (const { row, publishedAt } of written) {
    eventToRow.observe({}, Math.max(0, now - publishedAt) / 1000, publishedAt === first ? row.id : undefined);
  }
}

/**
 * The edge stored the pictures before it sent the event. Events do not wait for a store that is away: nobody is shown these
 * pictures, and they can be removed later.
 */
async function removePictures({ images, log }: IngestOptions, refused: readonly Decoded[]): Promise<void> {
  for (const { row, pictures } of refused) {
    try {
      // A message may name any key; only those of its own event are removed.
      for (const { key } of Object.values(pictures ?? {})) if (eventIdOf(key) === row.id) await images.remove(key);
    } catch (err) {
      log.warn({ err, event_id: row.id }, 'pictures of an erased event cannot be removed');
    }
  }
}

/** SQLSTATE class 22 (data exception) and 23 (integrity): the data can never be stored, however often it is tried. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^2[23]\w{3}$/.test(String(error.code));
}
