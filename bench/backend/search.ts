import type { SearchMode } from '../../src/contract/api/search.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import type { Sql } from '../../src/db/sql.ts';
import { openTrigramSearch } from '../../src/search/trigram.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { printRows, type Row } from '../row.ts';
import { makeEvents, openBenchDatabase, quantile } from './store.ts';

const EVENTS = 200_000;
const BATCH = 10_000;
const QUERIES = 60;

/** Median and 95th percentile of searches over 200,000 events; baseline: the edit distance to every text, no index. */
export async function run(): Promise<readonly Row[]> {
  await using database = await openBenchDatabase();
  const { sql } = database;
  const events = makeEvents(EVENTS);
  for (let at = 0; at < EVENTS; at += BATCH) await writeEvents(sql, events.slice(at, at + BATCH));
  await sql.query('VACUUM ANALYZE plate_events, plate_texts');
  const texts = events.slice(0, QUERIES).map((event) => event.plate.text_normalized);
  const whole = await timeEach(texts.slice(0, 10), (text) => compareAll(sql, text));
  const rows: Row[] = [
    { what: `every text compared, ${EVENTS} events, p50`, value: quantile(whole, 0.5), unit: 'ms', ratio: 1 },
  ];
  const search = openTrigramSearch(sql);
  for (const [what, mode, query] of QUERIES_OF) {
    const times = await timeEach(texts, (text) => search.search({ scope: undefined, q: query(text), mode, limit: 50 }));
    for (const [name, share] of [
      ['p50', 0.5],
      ['p95', 0.95],
    ] as const) {
      const value = quantile(times, share);
      rows.push({ what: `${what}, ${name}`, value, unit: 'ms', ratio: value / quantile(whole, 0.5) });
    }
  }
  return rows;
}

const QUERIES_OF: readonly (readonly [string, SearchMode, (text: string) => string])[] = [
  ['exact', 'exact', (text) => text],
  ['prefix', 'prefix', (text) => text.slice(0, 4)],
  ['contains', 'contains', (text) => text.slice(1, 5)],
  ['wildcard', 'wildcard', (text) => `${text.slice(0, 2)}?${text.slice(3, 6)}*`],
  ['fuzzy, 7 characters', 'fuzzy', (text) => `${text.slice(0, 3)}X${text.slice(4)}`],
  ['fuzzy, 6 characters', 'fuzzy', (text) => `${text.slice(0, 3)}X${text.slice(4, 6)}`],
];

async function compareAll(sql: Sql, text: string): Promise<readonly PlateEvent[]> {
  const rows = await sql.query<{ event: PlateEvent }>(
    `SELECT event FROM plate_events WHERE levenshtein_less_equal(fold_plate(text_normalized), fold_plate($1), 2) <= 2
     ORDER BY detected_at DESC LIMIT 50`,
    [text],
  );
  return rows.map(({ event }) => event);
}

async function timeEach(texts: readonly string[], work: (text: string) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (const text of texts) {
    const started = performance.now();
    await work(text);
    times.push(performance.now() - started);
  }
  return times;
}

if (import.meta.main) printRows(await run());
