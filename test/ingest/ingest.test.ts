import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { isRunning } from '../../src/base/folder-lock.ts';
import { createLog } from '../../src/base/log.ts';
import { Raw } from '../../src/bus/bus.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import type { Sql } from '../../src/db/sql.ts';
import { ingestConfigSchema } from '../../src/ingest/config.ts';
import { runIngest } from '../../src/ingest/ingest.ts';
import { createIngestMetrics } from '../../src/ingest/metrics.ts';
import { createDeadLetterTable } from '../../src/store/dead-letters.ts';
import { findEvent } from '../../src/store/events.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openInProcessBus } from '../bus/open-in-process.ts';
import { openOwnDatabase, openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEvent } from '../store/make-event.ts';

const log = createLog({ level: 'silent' });
let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => database.sql.query('TRUNCATE plate_events, event_revisions, dead_letters'));

async function openIngest(sql: Sql = database.sql) {
  const telemetry = new Telemetry();
  const metrics = createIngestMetrics(telemetry);
  const bus = await openInProcessBus(['ingest']);
  const deadLetters = createDeadLetterTable(sql);
  const images = { remove: async () => undefined };
  await runIngest({ bus, sql, images, deadLetters, log, metrics, config: ingestConfigSchema.parse(undefined) });
  return {
    format: async () => (await telemetry.format()).text,
    publish: (values: readonly (PlateEvent | Uint8Array)[]) =>
      bus.publish(
        'plates',
        values.map((value) =>
          value instanceof Uint8Array ? new Raw({ key: 'cam-1', value, headers: { origin: 'test' } }) : value,
        ),
      ),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  };
}

test('An event that publish acknowledged is in the database as it was', async () => {
  await using ingest = await openIngest();
  const event = makeEvent({ text: 'AB12CDE', candidates: ['A812CDE', 'XB12CDE'] });
  await ingest.publish([event]);
  expect(await findEvent(database.sql, event.event_id, undefined)).toEqual({ event, revisions: [event] });
  const [row] = await database.sql.query(
    `SELECT folded, candidates, camera_id, confidence FROM plate_events JOIN plate_texts ON text = text_normalized`,
  );
  // Folded by hand: B→8, D→0; A812CDE folds to the chosen text and is not kept twice.
  expect(row).toEqual({ folded: 'A812C0E', candidates: ['X812C0E'], camera_id: 'cam-1', confidence: 0.9 });
});

test.each([
  ['in order', [1, 2, 3]],
  ['backwards', [3, 2, 1]],
  ['mixed with repeats', [2, 3, 1, 3, 2, 2]],
])('The highest revision wins and all are kept when they come %s', async (_, order) => {
  const first = makeEvent();
  const revisions = [1, 2, 3].map((revision) =>
    makeEvent({ id: first.event_id, at: Date.parse(first.detected_at), revision, text: `AB${revision}` }),
  );
  const sent = order.map((revision) => revisions[revision - 1] as PlateEvent);
  for (const way of [[sent], sent.map((one) => [one])]) {
    await database.sql.query('TRUNCATE plate_events, event_revisions');
    await using ingest = await openIngest();
    for (const batch of way) await ingest.publish(batch);
    await ingest.publish(sent);
    expect(await findEvent(database.sql, first.event_id, undefined)).toEqual({ event: revisions[2], revisions });
    expect(await database.sql.query('SELECT revision, text_normalized AS text FROM plate_events')).toEqual([
      { revision: 3, text: 'AB3' },
    ]);
  }
});

test('Messages that are no event become dead letters with their bytes and reason; the others are written', async () => {
  await using ingest = await openIngest();
  const event = makeEvent();
  const odd = { ...makeEvent(), revision: 'first' };
  const bytes = [
    new TextEncoder().encode('no JSON \0 at all'),
    new Uint8Array([0xff, 0xfe, 0]),
    new TextEncoder().encode(JSON.stringify(odd)),
    new Uint8Array(),
  ];
  await ingest.publish([bytes[0] as Uint8Array, event, ...bytes.slice(1)]);
  expect(await findEvent(database.sql, event.event_id, undefined)).toBeDefined();
  const letters = await database.sql.query<{ value: Buffer; error_code: string; error: string; headers: object }>(
    'SELECT value, error_code, error, headers, topic FROM dead_letters',
  );
  const inHex = (all: readonly Uint8Array[]) => all.map((one) => Buffer.from(one).toString('hex')).sort();
  expect(inHex(letters.map(({ value }) => value))).toEqual(inHex(bytes));
  expect(new Set(letters.map((letter) => letter.error_code))).toEqual(new Set(['EVENT_INVALID']));
  expect(letters.some(({ error }) => error.includes('revision'))).toBe(true);
  expect(letters[0]?.headers).toEqual({ origin: 'test' });
});

test('A valid event that the database cannot hold (NUL) is a dead letter and takes no neighbour with it', async () => {
  await using ingest = await openIngest();
  const good = Array.from({ length: 9 }, () => makeEvent());
  const bad = { ...makeEvent(), camera_id: 'a\0b' };
  await ingest.publish([...good.slice(0, 5), bad, ...good.slice(5)]);
  expect(await database.sql.query('SELECT count(*)::int AS n FROM plate_events')).toEqual([{ n: 9 }]);
  const [letter] = await database.sql.query<{ value: Buffer }>('SELECT value FROM dead_letters');
  expect(Buffer.from(encodeEvent(bad)).equals(letter?.value ?? Buffer.of())).toBe(true);
});

test('Tabs, line breaks, quotes, backslashes and other alphabets survive COPY', async () => {
  await using ingest = await openIngest();
  const event = {
    ...makeEvent({ text: '京A12345', candidates: ['"{,}\\', 'NULL'] }),
    camera_name: 'a\tb\nc\r\\N "q" \\. ü',
  };
  await ingest.publish([event]);
  expect((await findEvent(database.sql, event.event_id, undefined))?.event).toEqual(event);
});

test('While the database is away events wait; none becomes a dead letter and each is written once it is back', async () => {
  let away = 3;
  const flaky: Sql = {
    ...database.sql,
    transaction: async (work) => {
      if (away-- > 0) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      return database.sql.transaction(work);
    },
  };
  await using ingest = await openIngest(flaky);
  await ingest.publish([makeEvent(), makeEvent()]);
  expect(away).toBeLessThan(0);
  expect(await database.sql.query('SELECT count(*)::int AS n FROM plate_events')).toEqual([{ n: 2 }]);
  expect(await database.sql.query('SELECT count(*)::int AS n FROM dead_letters')).toEqual([{ n: 0 }]);
});

/** Four chunks of the same event, which a database takes that fails the transaction numbered `fails`; what it saw, in order. */
async function ingestFourChunks(fails?: number): Promise<readonly string[]> {
  const seen: string[] = [];
  let begun = 0;
  const slow: Sql = {
    ...database.sql,
    transaction: async (work) => {
      const number = ++begun;
      seen.push('begins');
      if (number === fails) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      // Neither ends before both have begun, however busy the machine is.
      while (begun < 2) await sleep(5);
      await sleep(100);
      const result = await database.sql.transaction(work);
      seen.push('ends');
      return result;
    },
  };
  await using ingest = await openIngest(slow);
  const event = makeEvent();
  await ingest.publish(Array.from({ length: 10_000 }, () => event));
  return seen;
}

test('As many transactions as there are writers run side by side, and a batch is done when all are', async () => {
  const seen = await ingestFourChunks();
  const running = seen.map((_, at) =>
    seen.slice(0, at + 1).reduce((sum, what) => sum + (what === 'begins' ? 1 : -1), 0),
  );
  expect(seen).toHaveLength(8);
  expect(Math.max(...running)).toBe(2);
  expect(running.at(-1)).toBe(0);
});

test('While as many transactions run as there are writers, the next chunk is decoded', async () => {
  let read = 0;
  const watched = {
    ...makeEvent(),
    get frames_read() {
      read += 1;
      return 4;
    },
  };
  const blocked = Promise.withResolvers<void>();
  let begun = 0;
  // When both have begun, before the chunk after them can have been decoded this far.
  let before = 0;
  const held: Sql = {
    ...database.sql,
    transaction: async (work) => {
      begun += 1;
      if (begun === 2) before = read;
      await blocked.promise;
      return database.sql.transaction(work);
    },
  };
  await using ingest = await openIngest(held);
  const plain = makeEvent();
  const published = ingest.publish([...Array.from({ length: 5040 }, () => plain), watched]);
  await vi.waitFor(() => expect(begun).toBe(2), { timeout: 20_000 });
  await vi.waitFor(() => expect(read).toBeGreaterThan(before), { timeout: 10_000 });
  expect(begun).toBe(2);
  blocked.resolve();
  await published;
});

test('When a transaction fails no other is begun, and the batch comes again only when what ran has ended', async () => {
  const seen = await ingestFourChunks(2);
  expect(seen.slice(0, 4)).toEqual(['begins', 'begins', 'ends', 'begins']);
  expect(seen.filter((what) => what === 'begins')).toHaveLength(2 + 4);
  expect(await database.sql.query('SELECT count(*)::int AS n FROM plate_events')).toEqual([{ n: 1 }]);
});

test('Events of impossible times are stored and counted', async () => {
  await using ingest = await openIngest();
  await ingest.publish([makeEvent(), ...[1970, 2199].map((year) => makeEvent({ at: Date.UTC(year, 1, 1) }))]);
  expect(await ingest.format()).toContain('alpr_events_misdated_total 2');
  expect(await database.sql.query('SELECT count(*)::int AS n FROM plate_events')).toEqual([{ n: 3 }]);
});

test('Events are counted by what became of them, and the time that they took is taken once', async () => {
  await using ingest = await openIngest();
  const event = makeEvent();
  await ingest.publish([event]);
  await ingest.publish([event, new Uint8Array([1])]);
  const text = await ingest.format();
  for (const outcome of ['written', 'stale', 'dead']) {
    expect(text).toContain(`alpr_ingested_total{outcome="${outcome}"} 1`);
  }
  expect(text).toContain('\nalpr_event_to_row_seconds_count 1\n');
});

test('A database that is killed while events come in takes each of them once when it is back, and that shows', async () => {
  await using own = await openOwnDatabase();
  await using ingest = await openIngest(own.sql);
  const events = Array.from({ length: 3000 }, () => makeEvent());
  const publishing = Promise.all([0, 1, 2].map((at) => ingest.publish(events.slice(1000 * at, 1000 * (at + 1)))));
  // Again if the server is back before the busy machine has come to write.
  const strike = async () => {
    if (isRunning(own.pid())) process.kill(own.pid(), 'SIGKILL');
    return ingest.format();
  };
  await expect.poll(strike, { timeout: 20_000, interval: 5 }).toContain('alpr_ingest_works 0');
  await publishing;
  expect(await ingest.format()).toContain('alpr_ingest_works 1');
  expect(await own.sql.query('SELECT count(*)::int AS n FROM plate_events')).toEqual([{ n: 3000 }]);
  expect(await own.sql.query('SELECT count(*)::int AS n FROM dead_letters')).toEqual([{ n: 0 }]);
});
