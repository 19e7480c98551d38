import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '../../src/base/log.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { busConfigSchema, type KafkaConfig } from '../../src/bus/config.ts';
import { type OpenedKafka, openKafka } from '../../src/bus/open.ts';
import type { BusMessage, Transport } from '../../src/bus/transport.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import type { Sql } from '../../src/db/sql.ts';
import { createEdgeMetrics } from '../../src/edge/metrics.ts';
import { Publisher } from '../../src/edge/publisher.ts';
import { Spool } from '../../src/edge/spool.ts';
import { ingestConfigSchema } from '../../src/ingest/config.ts';
import { runIngest } from '../../src/ingest/ingest.ts';
import { createIngestMetrics, type IngestMetrics } from '../../src/ingest/metrics.ts';
import { createDeadLetterTable } from '../../src/store/dead-letters.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { whyMissing } from '../../tools/servers/cache.ts';
import { startKafka } from '../../tools/servers/kafka.ts';
import { startRegistry } from '../../tools/servers/registry.ts';
import { printRows, type Row } from '../row.ts';
import { makeEvents, openBenchDatabase } from './store.ts';

const EVENTS = 40_000;
const PUBLISHED_AT_ONCE = 2000;
const log = createLog({ level: 'error' });

/**
 * Events a second in Avro over a real broker, all in one process: what the client itself sends and takes, what ingest brings
 * from a full topic into the database, and the whole way from the edge's spool to the row.
 */
export async function run(): Promise<readonly Row[]> {
  const missing = (['kafka', 'registry'] as const).flatMap((name) => whyMissing(name) ?? []);
  if (missing.length > 0) {
    console.log(`not measured over Kafka: ${missing.join('; ')}`);
    return [];
  }
  await using kafka = await startKafka();
  await using registry = await startRegistry();
  const config = (topic: string) => createConfig(topic, kafka.brokers, registry.url);
  const events = makeEvents(EVENTS);
  const { sent, taken } = await measureClient(config('bench-client'), events);
  const stored = await measureIngest(config('bench-ingest'), events);
  const whole = await measureWhole(config('bench-whole'), events);
  return [
    { what: 'the client alone: sent to Kafka', value: sent, unit: 'events/s', ratio: 1 },
    { what: 'the client alone: taken from Kafka', value: taken, unit: 'events/s', ratio: taken / sent },
    {
      what: 'full topic → decoded → rows',
      value: stored,
      unit: 'events/s',
      ratio: stored / taken,
      against: 'taken alone',
    },
    { what: 'spool → Avro → Kafka → decoded → rows', value: whole, unit: 'events/s', ratio: whole / sent },
  ];
}

function createConfig(topic: string, brokers: readonly string[], url: string): KafkaConfig {
  const topics = { plates: topic, dead_letters: `${topic}.dlq`, partitions: 6 };
  const config = busConfigSchema.parse({ kind: 'kafka', brokers, topics, registry: { url } });
  if (config.kind !== 'kafka') throw new Error(`Expected a bus on Kafka, got ${config.kind}`);
  return config;
}

async function openOne(config: KafkaConfig, opened: AsyncDisposableStack): Promise<OpenedKafka> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'bench-kafka-'));
  opened.defer(() => rm(dataFolder, { recursive: true }));
  const kafka = opened.use(await openKafka({ config, dataFolder, log, telemetry: new Telemetry() }));
  await kafka.codec.prepare();
  return kafka;
}

async function measureClient(config: KafkaConfig, events: readonly PlateEvent[]) {
  await using opened = new AsyncDisposableStack();
  const {
    transport,
    bus: { topics },
    codec,
  } = await openOne(config, opened);
  const messages = events.map((event) => ({
    topic: topics.plates,
    key: event.camera_id,
    value: codec.encode(event),
    headers: {},
  }));
  const sent = await publishAll(transport, messages);
  let count = 0;
  const started = performance.now();
  const all = { topic: topics.plates, group: 'bench', maxBatch: 10_000, maxWaitMs: 5 };
  opened.use(
    await transport.subscribe(all, async (batch) => {
      count += batch.length;
    }),
  );
  const taken = await awaitCount(async () => count, started);
  return { sent, taken };
}

async function measureIngest(config: KafkaConfig, events: readonly PlateEvent[]): Promise<number> {
  await using opened = new AsyncDisposableStack();
  const { sql } = opened.use(await openBenchDatabase());
  const metrics = createIngestMetrics(new Telemetry());
  const kafka = await openOne(config, opened);
  const {
    transport,
    bus: { topics },
    codec,
  } = kafka;
  await publishAll(
    transport,
    events.map((event) => ({ topic: topics.plates, key: event.camera_id, value: codec.encode(event), headers: {} })),
  );
  const started = performance.now();
  opened.use(await ingestFrom(kafka.bus, sql, metrics));
  return await awaitCount(() => countWritten(metrics), started);
}

/** The edge and ingest work at the same time, on the same cores as broker and database. */
async function measureWhole(config: KafkaConfig, events: readonly PlateEvent[]): Promise<number> {
  await using opened = new AsyncDisposableStack();
  const { sql } = opened.use(await openBenchDatabase());
  const metrics = createIngestMetrics(new Telemetry());
  const { bus } = await openOne(config, opened);
  opened.use(await ingestFrom(bus, sql, metrics));
  const folder = await mkdtemp(join(tmpdir(), 'bench-edge-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const spool = opened.use(await Spool.open({ folder, segmentBytes: 8_000_000, log }));
  await Promise.all(events.map((event) => spool.append(encodeEvent(event))));
  const started = performance.now();
  const publisher = opened.use(new Publisher({ spool, bus, log, metrics: createEdgeMetrics(new Telemetry()) }));
  publisher.notify();
  return await awaitCount(() => countWritten(metrics), started);
}

function ingestFrom(bus: Bus, sql: Sql, metrics: IngestMetrics): Promise<AsyncDisposable> {
  const config = ingestConfigSchema.parse(undefined);
  const images = { remove: async () => undefined };
  return runIngest({ bus, sql, images, deadLetters: createDeadLetterTable(sql), log, metrics, config });
}

async function publishAll(transport: Transport, messages: readonly BusMessage[]): Promise<number> {
  const started = performance.now();
  const portions = Array.from({ length: Math.ceil(messages.length / PUBLISHED_AT_ONCE) }, (_, at) =>
    messages.slice(at * PUBLISHED_AT_ONCE, (at + 1) * PUBLISHED_AT_ONCE),
  );
  for (const portion of portions) await transport.publish(portion);
  return (1000 * messages.length) / (performance.now() - started);
}

/** Rows that are committed. Asking the database would be most of its work. */
async function countWritten(metrics: IngestMetrics): Promise<number> {
  const { values } = await metrics.ingested.get();
  return values.find(({ labels }) => labels.outcome === 'written')?.value ?? 0;
}

async function awaitCount(count: () => Promise<number>, started: number): Promise<number> {
  while ((await count()) < EVENTS) await sleep(20);
  return (1000 * EVENTS) / (performance.now() - started);
}

if (import.meta.main) printRows(await run());
