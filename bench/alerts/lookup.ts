import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '../../src/db/sql.ts';
import { decide } from '../../src/rules/decide.ts';
import { Lookup } from '../../src/rules/lookup.ts';
import { compileRules } from '../../src/rules/rule-book.ts';
import { makeReads } from '../backend/search-plates.ts';
import { openBenchDatabase, quantile } from '../backend/store.ts';
import type { Row } from '../row.ts';
import { LISTS, makeRules } from './rules.ts';

const ENTRIES = 1_000_000;
const RULES = 10_000;
const EVERY_MS = 10;
const EVENTS = 1000;

/** How long it takes to decide an event, one every 10 ms, with a million entries in the database and 10,000 rules. */
export async function measureLookup(): Promise<readonly Row[]> {
  await using database = await openBenchDatabase();
  const { sql } = database;
  await fill(sql);
  const [book, lookup] = [compileRules(makeRules(RULES)), new Lookup(sql)];
  const events = [...makeReads(EVENTS, Date.now())].map(({ event }) => event);
  for (const event of events.slice(0, 200)) await decide({ sql, book, lookup, events: [event] });
  const times: number[] = [];
  for (const event of events) {
    const started = performance.now();
    await decide({ sql, book, lookup, events: [event] });
    times.push(performance.now() - started);
    await sleep(Math.max(0, EVERY_MS - (performance.now() - started)));
  }
  const what = `${RULES.toLocaleString('en-GB')} rules, ${ENTRIES.toLocaleString('en-GB')} entries, 100 events/s: decided`;
  return [
    { what: `${what}, p50`, value: quantile(times, 0.5), unit: 'ms' },
    { what: `${what}, p99`, value: quantile(times, 0.99), unit: 'ms' },
  ];
}

async function fill(sql: Sql): Promise<void> {
  await sql.query('INSERT INTO plate_lists (id, name) SELECT id, id FROM unnest($1::text[]) AS one (id)', [LISTS]);
  await sql.query(
    `INSERT INTO plate_list_entries (list_id, pattern, name, tags)
     SELECT ($1::text[])[1 + n % 5], upper(substr(md5(n::text), 1, 7)), 'Entry ' || n, ARRAY['vip']
     FROM generate_series(1, $2::int) AS n ON CONFLICT DO NOTHING`,
    [LISTS, ENTRIES],
  );
  await sql.query('ANALYZE plate_list_entries');
}
