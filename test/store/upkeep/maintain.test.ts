import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../../src/base/log.ts';
import { migrate } from '../../../src/db/migrate.ts';
import type { Sql } from '../../../src/db/sql.ts';
import { maintain } from '../../../src/store/upkeep/maintain.ts';
import { listPartitions } from '../../../src/store/upkeep/partitions.ts';
import { writeEvents } from '../../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../../db/test-database.ts';
import { makeEvent } from '../make-event.ts';

const log = createLog({ level: 'silent' });
const NOW = Date.UTC(2026, 10, 21, 12);
let database: TestDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await openTestDatabase({ native: true });
  sql = database.sql;
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  await sql.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await migrate({ sql, log });
});

const round = (keep: { retention_days?: number; partition?: 'day' | 'week' | 'month' } = {}, now = NOW) =>
  maintain({
    sql,
    division: 'native',
    keep: { retention_days: null, partition: 'month', ...keep },
    log,
    now: () => now,
  });
const names = async () => (await listPartitions(sql, 'plate_events')).map(({ name }) => name.slice(13));
const countIn = async (table: string) =>
  (await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n;

test('Partitions are there before their time comes, and a second round makes none', async () => {
  for (let rounds = 0; rounds < 2; rounds++) {
    await round();
    expect(await names()).toEqual(['20261101', '20261201', '20270101', '20270201', 'default']);
  }
});

test('Rounds of several processes at once make each partition once', async () => {
  await Promise.all([round(), round(), round(), round()]);
  expect(await names()).toHaveLength(5);
});

test('Events that came before there was a partition for them are moved into one; times far off stay where they are', async () => {
  const times = ['2026-07-04T10:00:00Z', '2026-07-31T23:59:59.999Z', '2026-11-21T11:00:00Z'].map(Date.parse);
  const odd = [Date.UTC(1970, 0, 1), Date.UTC(2100, 0, 1)];
  await writeEvents(
    sql,
    [...times, ...odd].map((at) => makeEvent({ at })),
  );
  expect(await countIn('plate_events_default')).toBe(5);
  await round();
  expect(await countIn('plate_events_default')).toBe(2);
  expect(await countIn('plate_events_20260701')).toBe(2);
  expect(await countIn('plate_events_20261101')).toBe(1);
  expect(await countIn('plate_events')).toBe(5);
});

test('Partitions of another length are made around those that are there', async () => {
  await round({ partition: 'month' });
  await round({ partition: 'week' }, Date.UTC(2027, 1, 24));
  expect(await names()).toEqual([
    '20261101',
    '20261201',
    '20270101',
    '20270201',
    '20270301',
    '20270308',
    '20270315',
    'default',
  ]);
  const periods = (await listPartitions(sql, 'plate_events')).flatMap(({ period }) => period ?? []);
  for (const [at, { from }] of periods.slice(1).entries()) expect(from).toBe(periods[at]?.to);
});

test('What was kept long enough goes by whole partitions, its plates and its statistics with it', async () => {
  const times = { old: '2026-08-15T00:00:00Z', edge: '2026-09-30T00:00:00Z', young: '2026-10-20T00:00:00Z' };
  await writeEvents(
    sql,
    Object.entries(times).map(([text, at]) => makeEvent({ at: Date.parse(at), text: text.toUpperCase() })),
  );
  await writeEvents(sql, [makeEvent({ at: Date.UTC(1980, 0, 1), text: 'WRONGCLOCK' })]);
  await round();
  expect(await countIn('plate_texts')).toBe(4);
  // 50 days before 21 November is 2 October: September is over by then.
  await round({ retention_days: 50 }, NOW + 3_600_000);
  const left = () => sql.query('SELECT text_normalized AS text FROM plate_events ORDER BY 1');
  // A camera that wakes in 1980 sees a car of today.
  expect(await left()).toEqual([{ text: 'WRONGCLOCK' }, { text: 'YOUNG' }]);
  await sql.query(`UPDATE plate_events SET stored_at = stored_at - interval '60 days'`);
  await round({ retention_days: 50 }, NOW + 7_200_000);
  expect(await left()).toEqual([{ text: 'YOUNG' }]);
  expect(await sql.query('SELECT text FROM plate_texts')).toEqual([{ text: 'YOUNG' }]);
  expect(await sql.query('SELECT reads::int FROM reads_per_camera_hour')).toEqual([{ reads: 1 }]);
});

test('Events written while partitions are made are all there', async () => {
  const at = Date.UTC(2026, 6, 1);
  const all = Array.from({ length: 600 }, (_, index) => makeEvent({ at: at + (index % 150) * 86_400_000 }));
  const writing = (async () => {
    for (let from = 0; from < all.length; from += 20) await writeEvents(sql, all.slice(from, from + 20));
  })();
  for (let rounds = 0; rounds < 6; rounds++) await round();
  await writing;
  await round();
  expect(await countIn('plate_events')).toBe(600);
  expect(await countIn('plate_texts')).toBe(1);
});

test('Retention waits for a report that reads for seconds, and meanwhile lets writers go first', async () => {
  await writeEvents(sql, [makeEvent({ at: Date.UTC(2026, 7, 15) })]);
  await round();
  const reading = sql.transaction(async (session) => {
    await session.query('SELECT count(*) FROM plate_events');
    await session.query('SELECT pg_sleep(4)');
  });
  const removing = round({ retention_days: 50 });
  await writeEvents(sql, [makeEvent({ at: NOW })]);
  await Promise.all([reading, removing]);
  expect(await countIn('plate_events')).toBe(1);
  expect(await names()).not.toContain('20260801');
});
