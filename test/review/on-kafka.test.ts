import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { registryConfigSchema } from '../../src/bus/config.ts';
import { openDeadLetterBox } from '../../src/bus/dead-letter-topic.ts';
import { openRegistry } from '../../src/bus/registry.ts';
import { createAvroReader, createAvroWriter } from '../../src/contract/avro.ts';
import { EventCodec, PLATE_EVENT_AVSC } from '../../src/contract/event-codec.ts';
import { toWireRecord } from '../../src/contract/wire-record.ts';
import { ingestConfigSchema } from '../../src/ingest/config.ts';
import { runIngest } from '../../src/ingest/ingest.ts';
import { createIngestMetrics } from '../../src/ingest/metrics.ts';
import { reviewEvent } from '../../src/review/review-event.ts';
import { findEvent } from '../../src/store/events.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openBusOn } from '../bus/open-kafka.ts';
import { createWireEvent } from '../contract/events.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { describeWith, shareKafka, shareRegistry, uniqueName } from '../servers/servers.ts';

const log = createLog({ level: 'silent' });
const VERSIONS = join(import.meta.dirname, '../../src/contract/versions');

describeWith(['kafka', 'registry'], 'A correction on Kafka', () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await openTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'review-kafka-'));
  });
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('stays the truth beside an edge of the version before, and programs of that version read it', async () => {
    const [{ brokers }, { url }] = await Promise.all([shareKafka(), shareRegistry()]);
    const prefix = uniqueName('review');
    const config = registryConfigSchema.parse({ url, timeout_ms: 15_000 });
    const registry = await openRegistry({ config, subject: `${prefix}.plates-value`, folder, log });
    const before = await readFile(join(VERSIONS, '2.avsc'), 'utf8');
    const number = await registry.numberOf(before);
    const codec = new EventCodec({ format: 'avro', schemas: registry });
    const { bus, transport, topics } = await openBusOn(brokers, { prefix, log, codec });
    await using opened = new AsyncDisposableStack();
    opened.use(bus);
    const metrics = createIngestMetrics(new Telemetry());
    const deadLetters = openDeadLetterBox({ transport, topic: topics.deadLetters });
    const images = { remove: async () => undefined };
    const ingest = { bus, sql: database.sql, images, log, metrics, config: ingestConfigSchema.parse({}), deadLetters };
    opened.use(await runIngest(ingest));

    /** What an edge of the version before publishes. */
    const writeBefore = createAvroWriter(before);
    const publishBefore = async (event: ReturnType<typeof createWireEvent>) => {
      const value = writeBefore(toWireRecord(event), 5);
      value.writeUInt8(0, 0);
      value.writeUInt32BE(number, 1);
      await transport.publish([{ topic: topics.plates, key: event.camera_id, value, headers: {} }]);
    };
    const read = async () => (await findEvent(database.sql, first.event_id, undefined))?.event;
    const first = createWireEvent({ text: 'KFK0001', status: 'provisional' });
    await publishBefore(first);
    await expect.poll(read, { timeout: 30_000 }).toBeDefined();

    const by = { id: 'ann', name: 'Ann', scope: undefined };
    const decision = { action: 'correct', text: 'KFK0007', reason: 'a seven', revision: 1 } as const;
    const decided = await reviewEvent({ sql: database.sql, bus, eventId: first.event_id, decision, by });
    expect(decided).toMatchObject({ stored: true, event: { revision: 1_000_000, status: 'corrected' } });

    await publishBefore({ ...first, revision: 2, status: 'final' });
    const historyOf = async () => (await findEvent(database.sql, first.event_id, undefined))?.revisions ?? [];
    await expect.poll(async () => (await historyOf()).length, { timeout: 30_000 }).toBe(3);
    const [, machine, truth] = await historyOf();
    expect(machine).toMatchObject({ revision: 2, plate: { text_normalized: 'KFK0001' } });
    expect(truth).toEqual(decided.event);

    const bytes = Buffer.from(codec.encode(decided.event)).subarray(5);
    expect(createAvroReader(before, PLATE_EVENT_AVSC)(bytes)).toMatchObject({
      status: 'corrected',
      plate: { text_raw: 'KFK0001', text_normalized: 'KFK0007' },
      review: { by: 'Ann', text: 'KFK0007', reason: 'a seven' },
    });
  }, 120_000);
});
