import type { Hold, RetentionClass, Subject } from '../../contract/api/privacy.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';

const IN_FORCE = '(holds.ended_at IS NULL AND (holds.until IS NULL OR holds.until > now()))';

/** The condition on a row of events or of revisions that a hold keeps. */
export const HELD = 'event_id = ANY (ARRAY(SELECT event_id FROM held_events))';

type NewHold = Readonly<{
  subject: Subject;
  class: Exclude<RetentionClass, 'non_hit' | 'hit'>;
  reason: string;
  caseNumber: string | null;
  by: string;
  until: Date | null;
}>;

type Row = Readonly<{
  id: string;
  plate: string | null;
  event: string | null;
  class: RetentionClass;
  reason: string;
  case_number: string | null;
  by: string;
  at: Date;
  until: Date | null;
  ended_at: Date | null;
  ended_by: string | null;
  events: number;
}>;

const COLUMNS = `holds.id, holds.plate, holds.event_id AS event, holds.class, holds.reason, holds.case_number,
  holds.set_by AS by, holds.set_at AS at, holds.until,
  CASE WHEN ${IN_FORCE} THEN NULL ELSE coalesce(holds.ended_at, holds.until) END AS ended_at, holds.ended_by,
  CASE WHEN ${IN_FORCE} THEN (SELECT count(DISTINCT event_id)::int FROM (
    SELECT event_id FROM plate_events WHERE text_normalized = holds.plate OR event_id = holds.event_id
    UNION ALL SELECT event_id FROM event_revisions WHERE text_normalized = holds.plate) AS kept) ELSE 0 END AS events`;

/** Sets a hold; from the moment it resolves nothing that it keeps is removed. */
export async function addHold(sql: Sql, hold: NewHold): Promise<Hold> {
  const { subject, reason, caseNumber, by, until } = hold;
  const [row] = await sql.query<Row>(
    `WITH holds AS (INSERT INTO retention_holds (plate, event_id, class, reason, case_number, set_by, until)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *)
     SELECT ${COLUMNS} FROM holds`,
    [plateOf(subject), eventOf(subject), hold.class, reason, caseNumber, by, until],
  );
  if (!row) throw new Error('expected the hold that was set');
  return toHold(row);
}

/** Holds in force, or those that have ended, the newest first. */
export async function listHolds(sql: Sql, { ended }: Readonly<{ ended: boolean }>): Promise<readonly Hold[]> {
  const rows = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM retention_holds AS holds WHERE ${IN_FORCE} = NOT $1::boolean ORDER BY holds.set_at DESC, id
     LIMIT 1000`,
    [ended],
  );
  return rows.map(toHold);
}

/** Ends a hold and forgets its plate; undefined when none of this id is in force. */
export async function endHold(sql: Sql, { id, by }: Readonly<{ id: string; by: string }>): Promise<Hold | undefined> {
  const [row] = await sql.query<Row>(
    `WITH holds AS (UPDATE retention_holds AS holds SET ended_at = now(), ended_by = $2, plate = NULL
       WHERE id = $1 AND ${IN_FORCE} RETURNING *)
     SELECT ${COLUMNS} FROM holds`,
    [id, by],
  );
  return row && toHold(row);
}

/** Forgets the plates of holds that have ended by themselves. */
export async function forgetEndedHolds(sql: Sql): Promise<void> {
  await sql.query(
    'UPDATE retention_holds SET plate = NULL, ended_at = until WHERE ended_at IS NULL AND until <= now()',
  );
}

type Of = Readonly<{ texts: readonly string[]; ids: readonly string[] }>;

const ENDED_OF = `ended_at IS NOT NULL AND (plate = ANY($1) OR event_id = ANY($2::uuid[]))`;

/** Ended holds that still name one of the plates or events. */
export async function countEndedHolds(sql: Sql, { texts, ids }: Of): Promise<number> {
  const [row] = await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM retention_holds WHERE ${ENDED_OF}`, [
    texts,
    ids,
  ]);
  return row?.n ?? 0;
}

/** Takes the plates and events out of ended holds. */
export async function forgetHoldsOf(sql: Sql, { texts, ids }: Of): Promise<number> {
  await forgetEndedHolds(sql);
  const gone = await sql.query(
    `UPDATE retention_holds SET plate = NULL, event_id = NULL WHERE ${ENDED_OF} RETURNING 1`,
    [texts, ids],
  );
  return gone.length;
}

/** The holds in force that keep any of these events, or this plate. */
export async function findHolds(
  session: Pick<SqlSession, 'query'>,
  { plate, ids }: Readonly<{ plate: string | null; ids: readonly string[] }>,
): Promise<readonly Pick<Hold, 'id' | 'reason' | 'case_number'>[]> {
  return session.query(
    `SELECT id, reason, case_number FROM retention_holds AS holds WHERE ${IN_FORCE} AND (holds.plate = $1
       OR holds.event_id = ANY($2::uuid[])
       OR holds.plate IN (SELECT text_normalized FROM plate_events WHERE event_id = ANY($2::uuid[])
         UNION ALL SELECT text_normalized FROM event_revisions WHERE event_id = ANY($2::uuid[])))
     ORDER BY set_at`,
    [plate, ids],
  );
}

export function plateOf(subject: Subject): string | null {
  return 'plate' in subject ? subject.plate : null;
}

function eventOf(subject: Subject): string | null {
  return 'event' in subject ? subject.event : null;
}

function toHold({ at, until, ended_at, ...row }: Row): Hold {
  return { ...row, at: at.toISOString(), until: isoOf(until), ended_at: isoOf(ended_at) };
}

function isoOf(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
