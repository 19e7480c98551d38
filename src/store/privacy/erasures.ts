import type { ErasureList, Hold } from '../../contract/api/privacy.ts';
import { allowManyCompressed } from '../../db/division.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';
import { decodeCursor, encodeCursor } from '../page.ts';
import { LOCK_TIMEOUT, transactLocked } from '../upkeep/partitions.ts';
import { findHolds } from './holds.ts';
import { type EventsWanted, listSubjectIds } from './subject-events.ts';

type Begin = Readonly<{ erasureId: string; plate: string | null; wanted: EventsWanted }>;

/** The events of an erasure, or the holds that forbid it. */
type Begun = Readonly<{ ids: readonly string[] }> | Readonly<{ holds: Awaited<ReturnType<typeof findHolds>> }>;

/**
 * Marks every event of the subject as erased, unless a hold keeps one. From the moment this resolves no revision of them is
 * written any more; what is stored already is still there.
 */
export function beginErasure(sql: Sql, { erasureId, plate, wanted }: Begin): Promise<Begun> {
  return transactLocked(sql, async (session) => {
    await session.query(LOCK_TIMEOUT);
    // Every writer locks the texts before it looks for what was erased; a hold may not come between the look and the mark.
    await session.query('LOCK TABLE plate_texts IN SHARE ROW EXCLUSIVE MODE');
    await session.query('LOCK TABLE retention_holds IN SHARE MODE');
    const ids = await listSubjectIds(session, wanted);
    const holds = await findHolds(session, { plate, ids });
    if (holds.length > 0) return { holds };
    await markErased(session, erasureId, ids);
    return { ids };
  });
}

/** Marks events as erased whether or not they are stored, as after a restore. */
export async function markErased(
  session: Pick<SqlSession, 'query'>,
  erasureId: string,
  ids: readonly string[],
): Promise<void> {
  await session.query(
    'INSERT INTO erased_events (event_id, erasure_id) SELECT unnest($1::uuid[]), $2 ON CONFLICT DO NOTHING',
    [ids, erasureId],
  );
}

/** Deletes the rows and revisions of events. */
export function deleteEvents(
  sql: Sql,
  ids: readonly string[],
): Promise<Readonly<{ events: number; revisions: number }>> {
  return sql.transaction(async (session) => {
    const count = async (table: 'plate_events' | 'event_revisions') => {
      const [row] = await session.query<{ n: number }>(
        `WITH gone AS (DELETE FROM ${table} WHERE event_id = ANY($1::uuid[]) RETURNING 1)
         SELECT count(*)::int AS n FROM gone`,
        [ids],
      );
      return row?.n ?? 0;
    };
    await session.query('DELETE FROM alert_passages WHERE event_id = ANY($1::uuid[])', [ids]);
    await allowManyCompressed(session);
    return { events: await count('plate_events'), revisions: await count('event_revisions') };
  });
}

/** Deletes those of the texts that no event has any more. */
export function deleteTexts(sql: Sql, texts: readonly string[]): Promise<number> {
  return transactLocked(sql, async (session) => {
    await session.query(LOCK_TIMEOUT);
    await session.query('LOCK TABLE plate_texts IN SHARE ROW EXCLUSIVE MODE');
    const gone = await session.query(
      `DELETE FROM plate_texts WHERE text = ANY($1)
         AND NOT EXISTS (SELECT FROM plate_events WHERE text_normalized = plate_texts.text) RETURNING 1`,
      [texts],
    );
    return gone.length;
  });
}

/** Those of the events that were erased. */
export async function findErased(sql: Pick<Sql, 'query'>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ event_id: string }>(
    'SELECT event_id FROM erased_events WHERE event_id = ANY($1::uuid[])',
    [ids],
  );
  return new Set(rows.map(({ event_id }) => event_id));
}

/** When an event was erased, ISO 8601, null while that is not done; undefined for one that was not. */
export async function findErasureOf(sql: Pick<Sql, 'query'>, id: string): Promise<string | null | undefined> {
  const [row] = await sql.query<{ at: Date | null }>(
    `SELECT report.at FROM erased_events LEFT JOIN erasure_reports AS report ON report.id = erasure_id WHERE event_id = $1`,
    [id],
  );
  return row && (row.at?.toISOString() ?? null);
}

type Kept = Readonly<{
  id: string;
  at: string;
  by: string;
  reason: string;
  kind: 'plate' | 'event';
  events: number;
  /** The signed report as it is downloaded. */
  signed: string;
}>;

/** Keeps the report of an erasure that is done. */
export async function keepReport(sql: Sql, { id, at, by, reason, kind, events, signed }: Kept): Promise<void> {
  await sql.query(
    `INSERT INTO erasure_reports (id, at, done_by, reason, kind, events, signed) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT DO NOTHING`,
    [id, at, by, reason, kind, events, signed],
  );
}

/** The signed report as the text that was kept; undefined when there is none. */
export async function readReport(sql: Sql, id: string): Promise<string | undefined> {
  const [row] = await sql.query<{ signed: string }>('SELECT signed FROM erasure_reports WHERE id = $1', [id]);
  return row?.signed;
}

/** Those of the erasures that this database does not know: it was restored from an earlier backup. */
export async function findUnknownErasures(sql: Sql, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id::text FROM unnest($1::uuid[]) AS id WHERE NOT EXISTS (SELECT FROM erasure_reports WHERE erasure_reports.id = id.id)`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

type Row = Omit<ErasureList['erasures'][number], 'at'> & Readonly<{ at: Date }>;

/** Erasures, the newest first. */
export async function listErasures(
  sql: Sql,
  { limit, cursor }: Readonly<{ limit: number; cursor?: string | undefined }>,
): Promise<ErasureList> {
  const after = cursor === undefined ? [null, null] : decodeCursor(cursor, ['time', 'uuid']);
  const rows = await sql.query<Row>(
    `SELECT id, at, done_by AS by, reason, kind, events,
       (SELECT coalesce(sum(refused), 0)::float8 FROM erased_events WHERE erasure_id = reports.id) AS refused
     FROM erasure_reports AS reports WHERE $2::timestamptz IS NULL OR (at, id) < ($2, $3::uuid)
     ORDER BY at DESC, id DESC LIMIT $1`,
    [limit + 1, ...after],
  );
  const erasures = rows.slice(0, limit).map((row) => ({ ...row, at: row.at.toISOString() }));
  const last = erasures.at(-1);
  return { erasures, next: rows.length > limit && last ? encodeCursor([last.at, last.id]) : null };
}

/** A hold as a sentence names it. */
export function nameHold({ id, reason, case_number }: Pick<Hold, 'id' | 'reason' | 'case_number'>): string {
  return `${id} (${reason}${case_number === null ? '' : `, case ${case_number}`})`;
}
