import type { PlateEvent } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import { type EventRow, rowOf, STAGING_COLUMNS } from './event-row.ts';

const CREATE_STAGING = `CREATE TEMP TABLE IF NOT EXISTS staging (
  event_id uuid, detected_at timestamptz, revision integer, status text, site_id text, camera_id text,
  text_normalized text, candidates text[], confidence real, region text, vehicle_type text, frames_read integer, reads_agreeing integer,
  doubt real, event json
) ON COMMIT DELETE ROWS`;

const COPY = `COPY staging (${STAGING_COLUMNS}) FROM STDIN`;

/** Writes over lower revisions alone; what is written over goes to event_revisions by a trigger. */
const UPSERT = `WITH written AS (
  INSERT INTO plate_events (${STAGING_COLUMNS}) SELECT ${STAGING_COLUMNS} FROM staging
  ON CONFLICT (event_id, detected_at) DO UPDATE SET
    revision = EXCLUDED.revision, status = EXCLUDED.status, site_id = EXCLUDED.site_id, camera_id = EXCLUDED.camera_id,
    text_normalized = EXCLUDED.text_normalized, candidates = EXCLUDED.candidates, confidence = EXCLUDED.confidence,
    region = EXCLUDED.region, vehicle_type = EXCLUDED.vehicle_type, frames_read = EXCLUDED.frames_read,
    reads_agreeing = EXCLUDED.reads_agreeing, doubt = EXCLUDED.doubt, event = EXCLUDED.event, stored_at = now()
  WHERE plate_events.revision < EXCLUDED.revision
  RETURNING 1
) SELECT count(*)::int AS written FROM written`;

/** In order, as events are. */
const KEEP_TEXTS = `INSERT INTO plate_texts (text) SELECT DISTINCT text_normalized FROM staging ORDER BY 1
  ON CONFLICT DO NOTHING`;

/**
 * Keeps those that came after a newer one; the newest itself stands in plate_events alone. Joined first and sorted then:
 * TimescaleDB 2.13 finds no plan for both at once where a chunk is compressed in part.
 */
const KEEP_LATE = `WITH replaced AS MATERIALIZED (
  SELECT event_id, detected_at, late.revision, late.status, late.event
  FROM staging AS late JOIN plate_events AS newest USING (event_id, detected_at)
  WHERE late.revision < newest.revision
) INSERT INTO event_revisions (event_id, detected_at, revision, status, event)
  SELECT event_id, detected_at, revision, status, event FROM replaced
  ORDER BY event_id, detected_at, revision
  ON CONFLICT DO NOTHING`;

/** Writes events as `writeRows` does. */
export function writeEvents(sql: Sql, events: readonly PlateEvent[]): Promise<number> {
  return writeRows(sql, events.map(rowOf));
}

/**
 * Writes a batch in one transaction by COPY and one upsert, in whichever order and however often revisions come;
 * resolves to how many events are new or got a newer revision.
 */
export function writeRows(sql: Sql, rows: readonly EventRow[]): Promise<number> {
  const newest = pickNewest(rows);
  const older = rows.filter((row) => newest.get(row.key) !== row);
  return sql.transaction(async (session) => {
    await session.query(CREATE_STAGING);
    await session.copyFrom(COPY, linesOf(sortRows(newest.values())));
    await session.query(KEEP_TEXTS);
    const [counted] = await session.query<{ written: number }>(UPSERT);
    const written = counted?.written ?? 0;
    if (older.length > 0) await session.copyFrom(COPY, linesOf(older));
    if (older.length > 0 || written < newest.size) await session.query(KEEP_LATE);
    return written;
  });
}

/** The highest revision of each event; of equal ones the first. */
function pickNewest(rows: readonly EventRow[]): ReadonlyMap<string, EventRow> {
  const newest = new Map<string, EventRow>();
  for (const row of rows) {
    const known = newest.get(row.key);
    if (known === undefined || known.revision < row.revision) newest.set(row.key, row);
  }
  return newest;
}

/** In one order everywhere, so that two writers of the same events wait for each other instead of blocking each other. */
function sortRows(rows: Iterable<EventRow>): readonly EventRow[] {
  return [...rows].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function linesOf(rows: readonly EventRow[]): string {
  return rows.map(({ line }) => line).join('');
}
