import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { registryConfigSchema } from '../../src/bus/config.ts';
import { openDeadLetterBox } from '../../src/bus/dead-letter-topic.ts';
import { openRegistry } from '../../src/bus/registry.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import { EventCodec } from '../../src/contract/event-codec.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { ingestConfigSchema } from '../../src/ingest/config.ts';
import { runIngest } from '../../src/ingest/ingest.ts';
import { createIngestMetrics } from '../../src/ingest/metrics.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openBusOn } from '../bus/open-kafka.ts';
import { openRegistryDoor, type RegistryDoor } from '../bus/registry-door.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { describeWith, shareKafka, shareRegistry, uniqueName } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';

const log = createLog({ level: 'silent' });
const patient = { timeout: 30_000, interval: 100 };

describeWith(['kafka', 'registry'], 'Ingest from Kafka', () => {
  let database: TestDatabase;
  let brokers: readonly string[];
  let door: RegistryDoor;
  let folder: string;

  beforeAll(async () => {
    const [kafka, registry] = await Promise.all([shareKafka(), shareRegistry()]);
    ({ brokers } = kafka);
    database = await openTestDatabase();
    door = await openRegistryDoor(registry.url);
    folder = await mkdtemp(join(tmpdir(), 'ingest-kafka-'));
  });
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]();
    await door?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => database.sql.query('TRUNCATE plate_events, event_revisions'));

  /** A process of its own, as far as Kafka and the registry can tell. */
  async function openProcess(prefix: string) {
    const config = registryConfigSchema.parse({ url: door.url, timeout_ms: 15_000 });
    const own = { config, subject: `${prefix}.plates-value`, folder: join(folder, uniqueName('process')), log };
    const codec = new EventCodec({ format: 'avro', schemas: await openRegistry(own) });
    const { bus, transport, topics } = await openBusOn(brokers, { prefix, log, codec });
    const metrics = createIngestMetrics(new Telemetry());
    const deadLetters = openDeadLetterBox({ transport, topic: topics.deadLetters });
    return {
      bus: transport,
      codec,
      topics,
      box: deadLetters,
      ingest: () =>
        runIngest({
          bus,
          sql: database.sql,
          images: { remove: async () => undefined },
          log,
          metrics,
          config: ingestConfigSchema.parse({ batch_events: 50 }),
          deadLetters,
        }),
      send: (values: readonly (PlateEvent | Uint8Array)[]) =>
        transport.publish(
          values.map((value, at) => ({
            topic: topics.plates,
            key: value instanceof Uint8Array ? `poison-${at}` : value.camera_id,
            value: value instanceof Uint8Array ? value : codec.encode(value),
            headers: { test: 'yes' },
          })),
        ),
      [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
    };
  }

  const stored = async () =>
    (await database.sql.query<{ n: number }>('SELECT count(*)::int AS n FROM plate_events'))[0]?.n;

  test('events in Avro and JSON are written, poison goes to its topic with bytes, headers, code and origin', async () => {
    const prefix = uniqueName('ingest');
    await using process = await openProcess(prefix);
    await process.codec.prepare();
    await using _ = await process.ingest();
    const poison = [Buffer.from('{"no": "event"}'), Buffer.from([0, 0x7f, 0xff, 0xff, 0xf0, 1, 2]), Buffer.of()];
    await process.send([
      makeEvent(),
      poison[0] as Buffer,
      makeEvent(),
      poison[1] as Buffer,
      encodeEvent(makeEvent()),
      poison[2] as Buffer,
    ]);
    await expect.poll(stored, patient).toBe(3);
    await expect.poll(async () => (await process.box.list()).length, patient).toBe(3);
    const letters = await process.box.list();
    expect(letters.map(({ code }) => code).toSorted()).toEqual(['EVENT_INVALID', 'EVENT_INVALID', 'SCHEMA_UNKNOWN']);
    const strange = letters.find(({ code }) => code === 'SCHEMA_UNKNOWN');
    expect(Buffer.from(strange?.message.value ?? [])).toEqual(poison[1]);
    expect(strange?.message).toMatchObject({ topic: process.topics.plates, headers: { test: 'yes' } });
    expect(strange?.message.origin?.offset).toBeGreaterThanOrEqual(0n);
  });

  test('while the registry is away, events of a schema not yet known wait; none becomes a dead letter', async () => {
    const prefix = uniqueName('away');
    await using edge = await openProcess(prefix);
    await edge.codec.prepare();
    door.state = 'shut';
    await using process = await openProcess(prefix);
    await using _ = await process.ingest();
    await edge.send([makeEvent(), makeEvent()]);
    await sleep(1500);
    expect([await stored(), await process.box.list()]).toEqual([0, []]);
    door.state = 'open';
    await expect.poll(stored, patient).toBe(2);
    expect(await process.box.list()).toEqual([]);
  });

  test('a message of an unknown schema waits alone for the registry: others go on, and it is not lost with its process', async () => {
    const prefix = uniqueName('parked');
    await using edge = await openProcess(prefix);
    await edge.codec.prepare();
    const { plates } = edge.topics;
    const publish = (...values: readonly Uint8Array[]) =>
      edge.bus.publish(values.map((value) => ({ topic: plates, key: 'one partition', value, headers: {} })));
    door.state = 'shut';
    {
      await using process = await openProcess(prefix);
      await using _ = await process.ingest();
      await publish(edge.codec.encode(makeEvent()), encodeEvent(makeEvent()), encodeEvent(makeEvent()));
      await expect.poll(stored, patient).toBe(2);
    }
    await using next = await openProcess(prefix);
    await using _ = await next.ingest();
    await publish(encodeEvent(makeEvent()));
    await expect.poll(stored, patient).toBe(3);
    door.state = 'open';
    await expect.poll(stored, patient).toBe(4);
    expect(await next.box.list()).toEqual([]);
  }, 120_000);

  test('three instances share the work; one joins and one leaves meanwhile, and each event is there once', async () => {
    const prefix = uniqueName('shared');
    await using first = await openProcess(prefix);
    await using second = await openProcess(prefix);
    await using third = await openProcess(prefix);
    await first.codec.prepare();
    const leaving = await first.ingest();
    await using opened = new AsyncDisposableStack();
    opened.use(await second.ingest());
    const events = Array.from({ length: 600 }, (_, at) => makeEvent({ camera: `camera-${at % 16}` }));
    for (let at = 0; at < events.length; at += 100) {
      await first.send(events.slice(at, at + 100));
      if (at === 200) opened.use(await third.ingest());
      if (at === 400) await leaving[Symbol.asyncDispose]();
    }
    await expect.poll(stored, patient).toBe(600);
    const [row] = await database.sql.query('SELECT count(DISTINCT event_id)::int AS n FROM plate_events');
    expect(row).toEqual({ n: 600 });
    expect(await second.box.list()).toEqual([]);
  }, 120_000);
});
