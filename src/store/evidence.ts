import type { Scope } from '../contract/access.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import { scopeCondition } from './scope.ts';

/** One revision, and when it was stored by the clock of the database. */
export type StoredRevision = Readonly<{ event: PlateEvent; stored_at: string }>;

/** All stored revisions of an event in order; none where there is no event that the reader may see. */
export async function readStoredRevisions(sql: Sql, eventId: string, scope: Scope): Promise<readonly StoredRevision[]> {
  const values: unknown[] = [eventId];
  const where = scopeCondition(scope, (value) => `$${values.push(value)}`);
  const rows = await sql.query<Readonly<{ event: PlateEvent; stored_at: Date }>>(
    `WITH seen AS (SELECT event, revision, stored_at FROM plate_events WHERE event_id = $1 AND ${where})
     SELECT event, stored_at FROM (
       SELECT * FROM seen
       UNION ALL SELECT event, revision, stored_at FROM event_revisions WHERE event_id = $1 AND EXISTS (SELECT FROM seen)
     ) AS kept ORDER BY revision`,
    values,
  );
  return rows.map(({ event, stored_at }) => ({ event, stored_at: stored_at.toISOString() }));
}

/** The time of the database. */
export async function readDatabaseTime(sql: Sql): Promise<Date> {
  const [row] = await sql.query<Readonly<{ at: Date }>>('SELECT clock_timestamp() AS at');
  if (!row) throw new Error('expected a time from the database');
  return row.at;
}

/** Most entries of the audit that are taken along. */
const MOST_ENTRIES = 10_000;

/** The entries of the audit that name an event, in order, as lines of JSON: each as it stands in the chain, with its hash. */
export async function readAuditOfEvent(sql: Sql, eventId: string): Promise<readonly string[]> {
  const rows = await sql.query<Readonly<{ hash: Buffer; entry: string }>>(
    `SELECT hash, entry::text FROM audit_entries WHERE entry->'query'->>'event' = $1 ORDER BY number LIMIT ${MOST_ENTRIES}`,
    [eventId],
  );
  return rows.map(({ hash, entry }) => `{"entry":${entry},"hash":"${hash.toString('hex')}"}\n`);
}
