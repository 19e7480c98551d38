import type { PlateEvent } from '../contract/plate-event.ts';
import { plausibleSpan } from '../contract/plausible-time.ts';
import type { Sql, SqlSession } from '../db/sql.ts';
import { type EventRow, keepFirstTime, redateRow, rowOf, STAGING_COLUMNS } from './event-row.ts';

const CREATE_STAGING = `CREATE TEMP TABLE IF NOT EXISTS staging (
  event_id uuid, detected_at timestamptz, revision integer, status text, site_id text, camera_id text,
  text_normalized text, candidates text[], confidence real, region text, vehicle_type text, frames_read integer, reads_agreeing integer,
  doubt real, directions text[], zones text[], shadow_pair text, shadow_differs boolean, shadow_confidence real, has_pictures boolean,
  moved text, event json
) ON COMMIT DELETE ROWS`;

const COPY = `COPY staging (${STAGING_COLUMNS}) FROM STDIN`;

/** One look into the index for each event of the batch: however much was erased, no more of it is read. */
const STAGED = 'event_id = ANY (ARRAY(SELECT event_id FROM staging))';
const NOT_ERASED = `event_id <> ALL (ARRAY(SELECT event_id FROM erased_events WHERE ${STAGED}))`;

/** Writes over lower revisions alone; what is written over goes to event_revisions by a trigger. Names its events unless all were written. */
const UPSERT = `WITH written AS (
  INSERT INTO plate_events (${STAGING_COLUMNS}) SELECT ${STAGING_COLUMNS} FROM staging WHERE ${NOT_ERASED}
  ON CONFLICT (event_id, detected_at) DO UPDATE SET
    revision = EXCLUDED.revision, status = EXCLUDED.status, site_id = EXCLUDED.site_id, camera_id = EXCLUDED.camera_id,
    text_normalized = EXCLUDED.text_normalized, candidates = EXCLUDED.candidates, confidence = EXCLUDED.confidence,
    region = EXCLUDED.region, vehicle_type = EXCLUDED.vehicle_type, frames_read = EXCLUDED.frames_read,
    reads_agreeing = EXCLUDED.reads_agreeing, doubt = EXCLUDED.doubt, directions = EXCLUDED.directions,
    zones = EXCLUDED.zones, shadow_pair = EXCLUDED.shadow_pair, shadow_differs = EXCLUDED.shadow_differs,
    shadow_confidence = EXCLUDED.shadow_confidence, has_pictures = EXCLUDED.has_pictures, moved = EXCLUDED.moved,
    event = EXCLUDED.event, stored_at = now()
  WHERE plate_events.revision < EXCLUDED.revision
  RETURNING event_id
) SELECT count(*)::int AS written,
  CASE WHEN count(*) < (SELECT count(*) FROM staging) THEN array_agg(event_id::text) END AS ids FROM written`;

/**
 * In order, as events are. An erasure locks the texts: it waits for writers that came this far, and those that come later see
 * what it erased.
 */
const KEEP_TEXTS = `INSERT INTO plate_texts (text) SELECT DISTINCT text_normalized FROM staging WHERE ${NOT_ERASED} ORDER BY 1
  ON CONFLICT DO NOTHING`;

/** Counts what is refused of the batch because it was erased, and names its events. */
const COUNT_ERASED = `WITH refused AS (
  SELECT event_id, count(*) AS messages FROM staging WHERE NOT (${NOT_ERASED}) GROUP BY event_id
), counted AS (
  UPDATE erased_events AS erased SET refused = erased.refused + messages FROM refused
  WHERE erased.event_id = refused.event_id
) SELECT event_id::text AS id FROM refused`;

/**
 * Before anything is read of a partition: whoever makes or drops one locks the whole table first, and would otherwise wait for this
 * transaction as this one waits for it.
 */
const LOCK_TABLE = 'LOCK TABLE ONLY plate_events IN ROW EXCLUSIVE MODE';

/** By how much the times of two revisions may differ and still be found to be of one event, milliseconds. */
const APART_MS = 7 * 86_400_000;

/**
 * The stored times of staged events that name another one. One look into the key of each partition between two times that the
 * planner knows; more of them would be looked through for every event.
 */
const FIND_OTHER_TIMES = `SELECT staging.event_id AS id, known.detected_at AS at
  FROM staging CROSS JOIN LATERAL (
    SELECT detected_at FROM plate_events
    WHERE event_id = staging.event_id AND detected_at <> staging.detected_at AND detected_at BETWEEN $1 AND $2
    ORDER BY stored_at, detected_at LIMIT 1
  ) AS known`;

/**
 * Keeps those that came after a newer one; the newest itself stands in plate_events alone. Joined first and sorted then:
 * TimescaleDB 2.13 finds no plan for both at once where a chunk is compressed in part.
 */
const KEEP_LATE = `WITH replaced AS MATERIALIZED (
  SELECT event_id, detected_at, late.revision, late.status, late.event, late.text_normalized
  FROM staging AS late JOIN plate_events AS newest USING (event_id, detected_at)
  WHERE late.revision < newest.revision AND ${NOT_ERASED}
) INSERT INTO event_revisions (event_id, detected_at, revision, status, event, text_normalized)
  SELECT event_id, detected_at, revision, status, event, text_normalized FROM replaced
  ORDER BY event_id, detected_at, revision
  ON CONFLICT DO NOTHING`;

/**
 * What became of a batch: how many events are new or got a newer revision, and which; the ids of those whose rows are all refused
 * because they were erased, and how many rows named another time than their event has.
 */
export type Written = Readonly<{
  written: number;
  isWritten: (id: string) => boolean;
  erased: ReadonlySet<string>;
  redated: number;
}>;

/** Writes events as `writeRows` does; resolves to how many are new or got a newer revision. */
export async function writeEvents(sql: Sql, events: readonly PlateEvent[]): Promise<number> {
  return (await writeRows(sql, events.map(rowOf))).written;
}

/**
 * Writes a batch in one transaction by COPY and one upsert, in whichever order and however often revisions come. All revisions
 * of an event have the time of the one that was stored first.
 */
export function writeRows(sql: Sql, given: readonly EventRow[]): Promise<Written> {
  const times = new Map<string, string>();
  const rows = given.map((row) => keepFirstTime(row, times));
  return sql.transaction(async (session) => {
    await session.query(CREATE_STAGING);
    await session.query(LOCK_TABLE);
    await session.copyFrom(COPY, linesOf(sortRows(pickNewest(rows).values())));
    const stored = await findOtherTimes(session, rows);
    const dated = stored.size === 0 ? rows : rows.map((row) => redateRow(row, stored.get(row.id) ?? row.at));
    const newest = pickNewest(dated);
    if (stored.size > 0) {
      await session.query('DELETE FROM staging');
      await session.copyFrom(COPY, linesOf(sortRows(newest.values())));
    }
    await session.query(KEEP_TEXTS);
    const [counted] = await session.query<{ written: number; ids: readonly string[] | null }>(UPSERT);
    const written = counted?.written ?? 0;
    const ids = written < newest.size ? new Set(counted?.ids) : undefined;
    const isWritten = (id: string) => ids === undefined || ids.has(id);
    const older = dated.filter((row) => newest.get(row.id) !== row);
    const redated = dated.filter((row, at) => row.at !== given[at]?.at).length;
    if (older.length === 0 && written === newest.size) return { written, isWritten, erased: new Set(), redated };
    if (older.length > 0) await session.copyFrom(COPY, linesOf(older));
    await session.query(KEEP_LATE);
    const refused = await session.query<{ id: string }>(COUNT_ERASED);
    return { written, isWritten, erased: new Set(refused.map(({ id }) => id)), redated };
  });
}

/** By event, the time under which it is stored where that is another one. */
async function findOtherTimes(session: SqlSession, rows: readonly EventRow[]): Promise<ReadonlyMap<string, string>> {
  const { from, to } = plausibleSpan(Date.now());
  let [first, last] = [to, from];
  // An impossible time would have all partitions looked through.
  for (const { at } of rows) {
    if (at < from || at > to) continue;
    if (at < first) first = at;
    if (at > last) last = at;
  }
  const found = await session.query<{ id: string; at: Date }>(FIND_OTHER_TIMES, [
    new Date(Date.parse(first) - APART_MS),
    new Date(Date.parse(last) + APART_MS),
  ]);
  return new Map(found.map(({ id, at }) => [id, at.toISOString()]));
}

/** The highest revision of each event; of equal ones the first. */
function pickNewest(rows: readonly EventRow[]): ReadonlyMap<string, EventRow> {
  const newest = new Map<string, EventRow>();
  for (const row of rows) {
    const known = newest.get(row.id);
    if (known === undefined || known.revision < row.revision) newest.set(row.id, row);
  }
  return newest;
}

/** In one order everywhere, so that two writers of the same events wait for each other instead of blocking each other. */
function sortRows(rows: Iterable<EventRow>): readonly EventRow[] {
  return [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function linesOf(rows: readonly EventRow[]): string {
  return rows.map(({ line }) => line).join('');
}
