import type { PlateEvent } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import { formatRow, STAGING_COLUMNS } from './rows.ts';

const CREATE_STAGING = `CREATE TEMP TABLE IF NOT EXISTS staging (
  event_id uuid, detected_at timestamptz, revision integer, status text, site_id text, camera_id text,
  text_normalized text, candidates text[], confidence real, region text, vehicle_type text, event jsonb
) ON COMMIT DELETE ROWS`;

const KEEP_REVISIONS = `INSERT INTO event_revisions (event_id, detected_at, revision, status, event)
  SELECT event_id, detected_at, revision, status, event FROM staging
  ON CONFLICT DO NOTHING`;

/** Of several revisions in one batch only the highest is written, and only over a lower one. */
const UPSERT = `INSERT INTO plate_events (${STAGING_COLUMNS})
  SELECT DISTINCT ON (event_id, detected_at) ${STAGING_COLUMNS} FROM staging
  ORDER BY event_id, detected_at, revision DESC
  ON CONFLICT (event_id, detected_at) DO UPDATE SET
    revision = EXCLUDED.revision, status = EXCLUDED.status, site_id = EXCLUDED.site_id, camera_id = EXCLUDED.camera_id,
    text_normalized = EXCLUDED.text_normalized, candidates = EXCLUDED.candidates, confidence = EXCLUDED.confidence,
    region = EXCLUDED.region, vehicle_type = EXCLUDED.vehicle_type, event = EXCLUDED.event, stored_at = now()
  WHERE plate_events.revision < EXCLUDED.revision
  RETURNING 1`;

/** Writes a batch in one transaction by COPY and one upsert; resolves to how many events are new or got a newer revision. */
export function writeEvents(sql: Sql, events: readonly PlateEvent[]): Promise<number> {
  const lines = events.map(formatRow).join('');
  return sql.transaction(async (session) => {
    await session.query(CREATE_STAGING);
    await session.copyFrom(`COPY staging (${STAGING_COLUMNS}) FROM STDIN`, lines);
    await session.query(KEEP_REVISIONS);
    return (await session.query(UPSERT)).length;
  });
}
