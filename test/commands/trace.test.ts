import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { createLog } from '../../src/base/log.ts';
import { openDeadLetterBox } from '../../src/bus/dead-letter-topic.ts';
import { showTrace } from '../../src/commands/trace/trace.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import { EventCodec } from '../../src/contract/event-codec.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { OpenPassages } from '../../src/edge/open-passages.ts';
import { Spool } from '../../src/edge/spool.ts';
import { addTrace } from '../../src/edge/spooled-event.ts';
import { markErased } from '../../src/store/privacy/erasures.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { kafkaConfig, openBusOn } from '../bus/open-kafka.ts';
import { describeWith, shareDatabase, shareKafka, uniqueName } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';

const log = createLog({ level: 'silent' });
const opened = new AsyncDisposableStack();
let data: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'trace-'));
  opened.defer(() => rm(data, { recursive: true }));
});
afterAll(() => opened.disposeAsync());

/** What the command prints, and how it ends. */
async function trace(settings: readonly string[], event: string, flags: Parameters<typeof showTrace>[2] = {}) {
  const print = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const config = loadConfig({ environment: {}, settings: [`data=${data}`, 'log.level=silent', ...settings] });
    const code = await showTrace(config, event, flags);
    return { code, out: print.mock.calls.map(([text]) => String(text)).join('') };
  } finally {
    print.mockRestore();
  }
}

test('what waits in the spool of a machine is found while the edge runs, and what the bus has taken is not', async () => {
  const folder = join(data, 'edge', 'spool');
  const [sent, waiting, seen] = [makeEvent(), makeEvent({ revision: 2 }), makeEvent({ status: 'provisional' })];
  await using spool = await Spool.open({ folder, segmentBytes: 1_000_000, log });
  await spool.append(encodeEvent(sent));
  const parent = `00-${waiting.event_id.replaceAll('-', '')}-0123456789abcdef-01`;
  await spool.append(addTrace(encodeEvent(waiting), parent));
  const [first] = await spool.peek(1);
  await spool.acknowledge(first?.id ?? 0);
  await (await OpenPassages.open(join(data, 'edge', 'open-passages'), log)).remember(seen);

  const found = await trace([], waiting.event_id);
  expect(found.code).toBe(0);
  expect(found.out).toContain(`Revision 2 is in the spool of this edge since ${waiting.time.published}`);
  expect(found.out).toContain('alpr doctor says whether the broker answers');
  expect((await trace([], seen.event_id)).out).toContain('Its vehicle is in view of cam-1 since');
  const gone = await trace([], sent.event_id);
  expect(gone.code).toBe(1);
  expect(gone.out).toContain('The database could not be asked: this machine has none.');
  expect(gone.out).toContain('It is nowhere: not in the spool of this machine. Run this on the edge');
  await expect(trace([], 'AB12CDE')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

describeWith(['kafka'], 'alpr trace on Kafka', () => {
  let brokers: readonly string[];
  beforeAll(async () => {
    ({ brokers } = await shareKafka());
  });

  test('finds an event on the topic, says how far ingest is behind, and finds it among the dead letters', async () => {
    const prefix = uniqueName('trace');
    const { transport, bus, topics } = await openBusOn(brokers, { prefix, log });
    opened.use(transport);
    const settings = [`bus=${JSON.stringify(kafkaConfig(brokers, prefix))}`];
    const [event, dead] = [makeEvent(), makeEvent()];
    // One camera has one partition: two others are before it, one after it.
    await bus.publish('plates', [makeEvent(), makeEvent(), event, makeEvent()]);
    const message = { topic: topics.plates, key: 'cam-1', value: encodeEvent(dead), headers: {} };
    await openDeadLetterBox({ transport, topic: topics.deadLetters }).keep([
      { message, error: new Error('of no use') },
    ]);

    const found = await trace(settings, event.event_id.replaceAll('-', ''));
    expect(found.code).toBe(0);
    expect(found.out).toMatch(
      new RegExp(`Revision 1 is on ${topics.plates}, partition \\d, offset 2, not yet ingested: the group is 4 behind`),
    );
    const json = JSON.parse((await trace(settings, dead.event_id, { json: true })).out);
    expect(json).toMatchObject({ found: true, steps: [], places: [{ where: 'dead_letter', error: 'of no use' }] });

    // In Avro, of a schema that nobody here can be asked for.
    const avro = new EventCodec({ format: 'avro', schemas: { numberOf: async () => 41, schemaOf: async () => '' } });
    await avro.prepare();
    const coded = makeEvent({ camera: 'cam-2' });
    await transport.publish([{ topic: topics.plates, key: 'cam-2', value: avro.encode(coded), headers: {} }]);
    expect((await trace(settings, coded.event_id)).out).toMatch(/^It is on .*, not yet ingested/m);

    const done = Promise.withResolvers<void>();
    const group = { topic: 'plates', group: 'ingest', maxBatch: 10, maxWaitMs: 10 } as const;
    const member = await bus.subscribe(group, async (batch) => {
      // A batch may hold the first of them alone.
      const contents = batch.map((arrival) => arrival.read());
      if (contents.some((content) => 'event_id' in content && content.event_id === event.event_id)) done.resolve();
    });
    await done.promise;
    await member[Symbol.asyncDispose]();
    expect((await trace(settings, event.event_id)).out).toContain('and ingest has been there');

    const nowhere = await trace(settings, '01900000-0000-7000-8000-000000000000', { minutes: 5 });
    expect(nowhere.code).toBe(1);
    expect(nowhere.out).toContain(`the newest 5 minutes of ${topics.plates}, the dead letters.`);
    expect(nowhere.out).toMatch(/Its id was made \d+ minutes ago: --minutes \d+ goes back to then/);
  }, 120_000);
});

test('what is stored is told step by step, also while the broker is away, and so is what was erased', async () => {
  await using server = await shareDatabase();
  const settings = [
    'database.kind=postgres',
    `database.url=${server.url}`,
    'bus.kind=kafka',
    'bus.brokers=[127.0.0.1:1]',
    'bus.publish_timeout_ms=1000',
    'tracing.ui_url=http://127.0.0.1:16686/trace/{trace_id}',
  ];
  const start = Date.parse('2026-03-01T10:00:00.000Z');
  const event = makeEvent({ at: start });
  const published = new Date(start + 2500).toISOString();
  const [kept, erased] = [{ ...event, time: { ...event.time, published } }, makeEvent()];
  // The command migrates an empty database.
  expect((await trace(settings, event.event_id)).code).toBe(1);
  const sql = await openPostgres({ connectionString: server.url, poolSize: 1, log });
  await writeEvents(sql, [kept]);
  await markErased(sql, '01900000-0000-5000-8000-000000000001', [erased.event_id]);
  await sql[Symbol.asyncDispose]();

  const { code, out } = await trace(settings, event.event_id);
  expect(code).toBe(0);
  expect(out).toMatch(/2026-03-01T10:00:02\.500Z +2\.5 s +put in the spool of the edge +edge +1 +final/);
  expect(out).toMatch(/in the database +ingest +1/);
  expect(out).not.toContain('AB12CDE');
  expect(out).toContain(`trace http://127.0.0.1:16686/trace/${event.event_id.replaceAll('-', '')}\n`);
  expect((await trace(settings, erased.event_id)).out).toContain('It is being erased, and comes back from nowhere');
}, 120_000);
