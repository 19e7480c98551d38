import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../../src/base/log.ts';
import { migrate } from '../../../src/db/migrate.ts';
import type { Sql } from '../../../src/db/sql.ts';
import { maintain } from '../../../src/store/upkeep/maintain.ts';
import { writeEvents } from '../../../src/store/write-events.ts';
import { fillAsBefore, makePastPartitions } from '../../db/many-old-events.ts';
import { migrateTo } from '../../db/old-database.ts';
import { openEmptyDatabase, openTestDatabase, type TestDatabase } from '../../db/test-database.ts';
import { makeEvent } from '../make-event.ts';

const log = createLog({ level: 'silent' });
const EVENTS = 50;
let old: TestDatabase;
let fresh: TestDatabase;
let sql: Sql;

beforeAll(async () => {
  [old, fresh] = await Promise.all([openEmptyDatabase({ native: true }), openTestDatabase({ native: true })]);
  sql = old.sql;
  await migrateTo(sql, 7);
  await makePastPartitions(sql);
  await fillAsBefore(sql, { events: EVENTS, now: Date.now() });
});
afterAll(() => Promise.all([old[Symbol.asyncDispose](), fresh[Symbol.asyncDispose]()]));

const upkeep = () => maintain({ sql, division: 'native', keep: { retention_days: null, partition: 'month' }, log });
/** Indexes of both tables of events, each with the number of partitions that have their part of it. */
const listIndexes = async (of: Sql) => {
  const rows = await of.query<{ definition: string; lacking: number }>(
    `SELECT pg_get_indexdef(whole.indexrelid) AS definition,
       count(part.inhrelid) FILTER (WHERE NOT EXISTS (
         SELECT FROM pg_inherits AS own JOIN pg_index AS child ON child.indexrelid = own.inhrelid
         WHERE own.inhparent = whole.indexrelid AND child.indrelid = part.inhrelid AND child.indisvalid))::int AS lacking
     FROM pg_index AS whole JOIN pg_inherits AS part ON part.inhparent = whole.indrelid
     WHERE whole.indrelid IN ('plate_events'::regclass, 'event_revisions'::regclass) GROUP BY 1 ORDER BY 1`,
  );
  return rows;
};

test('A migration leaves indexes of large partitions to upkeep, and keeps the one that is replaced until then', async () => {
  await migrate({ sql, log, largeBytes: 0 });
  const lacking = (await listIndexes(sql)).filter((one) => one.lacking > 0).map(({ definition }) => definition);
  expect(lacking).toContainEqual(expect.stringMatching(/plate_events_time ON .* INCLUDE \(.*moved\)/));
  expect(lacking).toContainEqual(expect.stringContaining('plate_events_shadow'));
  const former = (await listIndexes(sql)).filter(({ definition }) => definition.includes('plate_events_time_former'));
  expect(former).toMatchObject([{ lacking: 0 }]);
  expect(await writeEvents(sql, [makeEvent()])).toBe(1);
});

test('A build that is cut off begins again, several processes build each once, and the database is then as a new one', async () => {
  await sql.transaction(async (writer) => {
    await writer.query('UPDATE plate_events SET region = region');
    const cutOff = upkeep().catch(({ message }: Error) => message);
    // It waits for whoever wrote before it began.
    const cancel = () =>
      sql.query(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event = 'virtualxid'`);
    await expect.poll(cancel).toHaveLength(1);
    expect(await cutOff).toContain('canceling statement');
  });
  const left = "SELECT FROM pg_index JOIN pg_class ON oid = indexrelid WHERE NOT indisvalid AND relkind = 'i'";
  expect(await sql.query(left)).toHaveLength(1);
  await Promise.all([upkeep(), upkeep()]);
  const expected = (await listIndexes(fresh.sql)).map(({ definition }) => ({ definition, lacking: 0 }));
  expect(await listIndexes(sql)).toEqual(expected);
  expect(await sql.query('SELECT FROM pg_index WHERE NOT indisvalid')).toEqual([]);
});
