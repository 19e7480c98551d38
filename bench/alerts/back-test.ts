import { type RuleInput, ruleSchema } from '../../src/contract/rule.ts';
import type { Sql } from '../../src/db/sql.ts';
import { backTest } from '../../src/rules/back-test/back-test.ts';
import { createPartitions } from '../../src/store/upkeep/partitions.ts';
import { openBenchDatabase } from '../backend/store.ts';
import type { Row } from '../row.ts';

const DAY_MS = 86_400_000;
const DAYS = 100;

const TRIED: readonly (readonly [string, Omit<RuleInput, 'id' | 'name'>])[] = [
  ['a plate', { match: { exact: 'AB012CD' } }],
  ['a beginning and an end', { match: { wildcard: 'AB01*D' } }],
  ['an expression', { match: { regex: 'AB01[0-9][A-F]+' } }],
  ['five times within a day', { match: { every_passage: true }, when: { count: { at_least: 5, within: '1d' } } }],
];

/** Rules tried on the reads of a hundred days, a quarter as many plates as reads and a few of them seen often. */
export async function measureBackTest(reads: number): Promise<readonly Row[]> {
  await using database = await openBenchDatabase();
  const { sql } = database;
  const now = Date.now();
  await fill(sql, reads, now);
  const rows: Row[] = [];
  for (const [what, input] of TRIED) {
    const rule = ruleSchema.parse({ id: 'tried', name: 'Tried', ...input });
    const span = { from: new Date(now - DAYS * DAY_MS).toISOString(), to: new Date(now).toISOString() };
    const started = performance.now();
    let alerts = 0;
    for await (const progress of backTest({
      ...{ sql, rule, scope: undefined, signal: new AbortController().signal },
      ...span,
    })) {
      alerts = progress.alerts;
    }
    const value = (performance.now() - started) / 1000;
    const found = `${alerts.toLocaleString('en-GB')} alerts`;
    rows.push({ what: `back-test over ${reads.toLocaleString('en-GB')} reads: ${what}, ${found}`, value, unit: 's' });
  }
  return rows;
}

/** Rows without their events, which no such rule asks for. */
async function fill(sql: Sql, reads: number, now: number): Promise<void> {
  for (let months = 6; months >= 0; months -= 3) {
    await createPartitions(sql, 'plate_events', { length: 'month', now: now - months * 30 * DAY_MS });
  }
  await sql.query(
    `INSERT INTO plate_events (event_id, detected_at, revision, status, site_id, camera_id, text_normalized, candidates,
       confidence, event)
     SELECT gen_random_uuid(), to_timestamp($2::float8 / 1000) - n * interval '1 second' * $3::float8, 1, 'final', 'bench',
       'cam-' || n % 200, plate, '{}', 0.95, '{}'
     FROM generate_series(1, $1::int) AS n, LATERAL (
       SELECT 'AB' || lpad((number % 1000)::text, 3, '0') || upper(substr(md5(number::text), 1, 2)) AS plate
       FROM (SELECT floor($1::int / 4 * random() ^ 3 + 0 * n)::int AS number) AS one
     ) AS two`,
    [reads, now, (DAYS * 86_400) / reads],
  );
  await sql.query('INSERT INTO plate_texts (text) SELECT DISTINCT text_normalized FROM plate_events');
  await sql.query('VACUUM ANALYZE plate_events, plate_texts');
}
