import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PlateEvent, plateEventSchema } from '../../src/contract/plate-event.ts';
import type { Sql } from '../../src/db/sql.ts';
import { openSearchConfigSchema } from '../../src/search/config.ts';
import { openClusterIndex } from '../../src/search/opensearch/write.ts';
import { type Cluster, openCluster } from '../../src/search/opensearch.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { whyMissing } from '../../tools/servers/cache.ts';
import { startOpenSearch } from '../../tools/servers/opensearch.ts';
import { printRows, type Row } from '../row.ts';
import { loadIndex } from './search-load.ts';
import { openBenchDatabase } from './store.ts';

const RECORDED = join(import.meta.dirname, '..', '..', 'test', 'contract', 'recorded-events.jsonl');
const EVENTS = 200_000;
const AT_ONCE = 2500;
/** The server does so by itself once a fifth of a table was replaced. */
const VACUUM_EVERY = 20_000;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';

/** Bytes that an event takes in PostgreSQL and in OpenSearch: events as the edge made them, each with another plate. */
export async function run(): Promise<readonly Row[]> {
  const rows = await measureDatabase();
  const missing = whyMissing('opensearch');
  if (missing === undefined) return [...rows, ...(await measureCluster())];
  process.stderr.write(`OpenSearch is left out: ${missing}\n`);
  return rows;
}

async function measureDatabase(): Promise<readonly Row[]> {
  await using database = await openBenchDatabase();
  const { sql } = database;
  const passages = openPassages();
  for (let at = 0; at < EVENTS; at += AT_ONCE) {
    const made = Array.from({ length: AT_ONCE }, (_, index) => passages(at + index));
    for (const revision of [0, 1])
      await writeEvents(
        sql,
        made.flatMap((events) => events.slice(revision, revision + 1)),
      );
    if ((at + AT_ONCE) % VACUUM_EVERY === 0) await sql.query('VACUUM plate_events');
  }
  await sql.query('VACUUM ANALYZE');
  const [events, kept, texts] = [
    await sizeOf(sql, 'plate_events'),
    await sizeOf(sql, 'event_revisions'),
    await sizeOf(sql, 'plate_texts'),
  ];
  const [distinct] = await sql.query<{ n: number }>('SELECT count(*)::int AS n FROM plate_texts');
  return [
    { what: 'PostgreSQL: row of an event', value: events.table / EVENTS, unit: 'B' },
    { what: 'PostgreSQL: its share of the indexes', value: events.indexes / EVENTS, unit: 'B' },
    { what: 'PostgreSQL: a revision that was replaced', value: (kept.table + kept.indexes) / EVENTS, unit: 'B' },
    {
      what: "PostgreSQL: a plate's text seen first",
      value: (texts.table + texts.indexes) / (distinct?.n ?? 0),
      unit: 'B',
    },
  ];
}

/** Bytes of a table and of its indexes, with all partitions. */
async function sizeOf(sql: Sql, table: string): Promise<Readonly<{ table: number; indexes: number }>> {
  const [size] = await sql.query<{ table: number; indexes: number }>(
    `SELECT sum(pg_table_size(relid))::float8 AS table, sum(pg_indexes_size(relid))::float8 AS indexes
     FROM (SELECT relid FROM pg_partition_tree($1::regclass) UNION SELECT $1::regclass) AS parts`,
    [table],
  );
  if (!size) throw new Error(`Expected a size of ${table}`);
  return size;
}

async function measureCluster(): Promise<readonly Row[]> {
  await using server = await startOpenSearch({ heapMb: 1024 });
  const parts = { kind: 'opensearch', nodes: [server.url], replicas: 0, request_timeout_ms: 300_000 };
  const config = openSearchConfigSchema.parse(parts);
  await using cluster = openCluster(config);
  await loadIndex(openClusterIndex(cluster, config), finals());
  // The parts that were merged are counted until they are gone.
  for (const step of ['_forcemerge?max_num_segments=1', '_flush', '_refresh'])
    await cluster.request({ method: 'POST', path: `/${config.index}/${step}` });
  const { documents, bytes } = await measureIndices(cluster, config.index);
  if (documents !== EVENTS) throw new Error(`Expected ${EVENTS} documents, got ${documents}`);
  return [{ what: 'OpenSearch: a document, without copies', value: bytes / documents, unit: 'B' }];
}

type Stats = Readonly<{
  _all: Readonly<{ primaries: Readonly<{ docs: { count: number }; store: { size_in_bytes: number } }> }>;
}>;

async function measureIndices(
  cluster: Cluster,
  index: string,
): Promise<Readonly<{ documents: number; bytes: number }>> {
  const { body } = await cluster.request<Stats>({ method: 'GET', path: `/${index}/_stats/docs,store` });
  const { docs, store } = body._all.primaries;
  return { documents: docs.count, bytes: store.size_in_bytes };
}

function* finals() {
  const passages = openPassages();
  for (let index = 0; index < EVENTS; index++) {
    const event = passages(index).at(-1);
    if (event) yield { plate: event.plate.text_normalized, event };
  }
}

/** All revisions of the passage `index`, a second after the one before, the last of them now. */
function openPassages(): (index: number) => readonly PlateEvent[] {
  const recorded = readFileSync(RECORDED, 'utf8')
    .trim()
    .split('\n')
    .map((line) => plateEventSchema.parse(JSON.parse(line)));
  const models = [...Map.groupBy(recorded, ({ event_id }) => event_id).values()];
  const now = Date.now();
  return (index) => {
    const model = models[index % models.length] ?? [];
    const at = now - (EVENTS - index) * 1000;
    return model.map((event) => moveTo(event, { index, at }));
  };
}

/** The same event at another time and place of another plate: its letters and digits are exchanged for others. */
function moveTo(event: PlateEvent, { index, at }: Readonly<{ index: number; at: number }>): PlateEvent {
  const shift = createShift(index);
  const plate = {
    ...event.plate,
    text_raw: shift(event.plate.text_raw),
    text_normalized: shift(event.plate.text_normalized),
    chars: event.plate.chars.map(({ c, p, alt }, place) => ({
      c: shift(c, place),
      p,
      alt: alt.map((other) => ({ ...other, c: shift(other.c, place) })),
    })),
    candidates: event.plate.candidates.map(({ text, p }) => ({ text: shift(text), p })),
  };
  const stamp = at.toString(16).padStart(12, '0');
  const moment = new Date(at).toISOString();
  return plateEventSchema.parse({
    ...event,
    event_id: `${stamp.slice(0, 8)}-${stamp.slice(8)}-7000-8000-${index.toString(16).padStart(12, '0')}`,
    detected_at: moment,
    camera_id: `camera-${index % 200}`,
    time: { first_seen: moment, best: moment, last_seen: moment, published: moment },
    plate,
  });
}

/** Moves each place's character within letters or digits; a few plates are seen often and most of them once or twice. */
function createShift(index: number): (text: string, place?: number) => string {
  const share = (Math.imul(index, 2654435761) >>> 0) / 2 ** 32;
  const number = Math.floor((EVENTS / 4) * share ** 3);
  return (text, first = 0) =>
    [...text]
      .map((char, offset) => {
        const from = LETTERS.includes(char) ? LETTERS : DIGITS;
        const by = Math.imul(number + 1, 40503 + 7919 * (first + offset)) >>> 8;
        return from.includes(char) ? from.charAt((from.indexOf(char) + by) % from.length) : char;
      })
      .join('');
}

if (import.meta.main) printRows(await run());
