import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { migrate } from '../../src/db/migrate.ts';
import { maintain } from '../../src/store/upkeep/maintain.ts';
import { makeEvent } from '../store/make-event.ts';
import { makePastPartitions } from './many-old-events.ts';
import { migrateTo } from './old-database.ts';
import { openEmptyDatabase, type TestDatabase } from './test-database.ts';

const READS = 1_000_000;
/** The last migration of a version before indexes over all events were added. */
const BEFORE = 30;
const DAYS = 360;
/** A migration gives way after 0.8 s, upkeep after 1.5 s, and this machine may have other work. */
const LONGEST_MS = 3000;
const now = Date.now();
const log = createLog({ level: 'silent' });
const TEMPLATE = JSON.stringify(makeEvent());

const INSERT = `INSERT INTO plate_events (event_id, detected_at, revision, status, site_id, camera_id, text_normalized,
    candidates, confidence, event)
  SELECT gen_random_uuid(), $1::timestamptz - n * $2 * interval '1 millisecond', 1, 'final', 'home', 'cam-' || n % 40,
    'AB' || n % 50000, '{}', 0.9, $3::text::json FROM generate_series(1, $4::int) AS n`;

let database: TestDatabase;
beforeAll(async () => {
  database = await openEmptyDatabase({ native: true });
  const { sql } = database;
  await migrateTo(sql, BEFORE);
  await makePastPartitions(sql);
  // Faster than to keep them right with every row.
  const indexes = await sql.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') AS definition
     FROM pg_index WHERE indrelid = 'plate_events'::regclass AND NOT indisprimary`,
  );
  for (const { name } of indexes) await sql.query(`DROP INDEX ${name}`);
  for (let made = 0; made < READS; made += READS / 20) {
    await sql.query(INSERT, [new Date(now - made * everyMs()), everyMs(), TEMPLATE, READS / 20]);
  }
  for (const { definition } of indexes) await sql.query(definition);
}, 1_800_000);
afterAll(() => database?.[Symbol.asyncDispose]());

test(`while a version with new indexes migrates ${READS} reads, writers and readers go on`, async ({ annotate }) => {
  const { sql } = database;
  const write = () => sql.query(INSERT, [new Date(), 1, TEMPLATE, 1]);
  const read = () => sql.query('SELECT event FROM plate_events ORDER BY detected_at DESC, event_id DESC LIMIT 50');
  const watched = [watch('writing', write), watch('reading', read)];
  const began = performance.now();
  const { applied, division } = await migrate({ sql, log });
  const migrated = performance.now();
  const keeping = maintain({ sql, division, keep: { retention_days: null, partition: 'month' }, log });
  const [kept] = await Promise.allSettled([keeping]);
  const [migration, upkeep] = [migrated - began, performance.now() - migrated].map(Math.round);
  const waits = await Promise.all(watched.map((one) => one.end()));
  await annotate(`${waits.join(', ')}; the migration took ${migration} ms, the first round of upkeep ${upkeep} ms`);
  expect(kept).toMatchObject({ status: 'fulfilled' });
  expect(applied).toContain('037-report-index.sql');
  expect(Math.max(...waits.map(({ longestMs }) => longestMs))).toBeLessThan(LONGEST_MS);
}, 900_000);

test('afterwards every partition has every index, and none is left over', async () => {
  const missing = await database.sql.query(
    `SELECT part.inhrelid::regclass AS part, whole.indexrelid::regclass AS index
     FROM pg_index AS whole JOIN pg_inherits AS part ON part.inhparent = whole.indrelid
     WHERE whole.indrelid = 'plate_events'::regclass AND NOT EXISTS (
       SELECT FROM pg_inherits AS own JOIN pg_index AS child ON child.indexrelid = own.inhrelid
       WHERE own.inhparent = whole.indexrelid AND child.indrelid = part.inhrelid AND child.indisvalid)`,
  );
  expect(missing).toEqual([]);
});

function everyMs(): number {
  return Math.floor((DAYS * 86_400_000) / READS);
}

/** Does the same again and again until its end; resolves to how long the slowest took. */
function watch(what: string, act: () => Promise<unknown>) {
  let [isOver, longestMs, times] = [false, 0, 0];
  const acting = (async () => {
    while (!isOver) {
      const began = performance.now();
      await act();
      longestMs = Math.max(longestMs, performance.now() - began);
      times += 1;
      await sleep(10);
    }
  })();
  return {
    async end() {
      isOver = true;
      await acting;
      return { longestMs, toString: () => `${what} ${times} times, the slowest after ${Math.round(longestMs)} ms` };
    },
  };
}
