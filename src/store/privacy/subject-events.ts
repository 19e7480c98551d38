import type { PlateEvent } from '../../contract/plate-event.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';

const PAGE = 500;
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** Texts that a plate has, as it is and as its pseudonyms, or one event. */
export type EventsWanted = Readonly<{ texts: readonly string[]; ids: readonly string[] }>;

const IDS = `SELECT event_id FROM plate_events WHERE text_normalized = ANY($1) OR event_id = ANY($2::uuid[])
  UNION SELECT event_id FROM event_revisions WHERE text_normalized = ANY($1) OR event_id = ANY($2::uuid[])`;

/** Ids of the events of which a revision has one of the texts. */
export async function listSubjectIds(
  session: Pick<SqlSession, 'query'>,
  { texts, ids }: EventsWanted,
): Promise<readonly string[]> {
  return (await session.query<{ event_id: string }>(IDS, [texts, ids])).map(({ event_id }) => event_id);
}

/** A stored revision of an event, and whether it is the newest. */
export type StoredRevision = Readonly<{ event: PlateEvent; bytes: number; newest: boolean }>;

/** Every stored revision of these events, some events at a time; those of an event in their order. */
export async function* readRevisionsOf(sql: Sql, ids: readonly string[]): AsyncGenerator<readonly StoredRevision[]> {
  for (let at = 0; at < ids.length; at += PAGE) {
    yield await sql.query<StoredRevision>(
      `SELECT event, octet_length(event::text) AS bytes, newest FROM (
         SELECT event_id, revision, event, true AS newest FROM plate_events WHERE event_id = ANY($1::uuid[])
         UNION ALL SELECT event_id, revision, event, false FROM event_revisions WHERE event_id = ANY($1::uuid[])
       ) AS listed ORDER BY event_id, revision`,
      [ids.slice(at, at + PAGE)],
    );
  }
}

/** Events whose newest revision has this text, in the order of time, page by page. */
export async function* readPassages(sql: Sql, texts: readonly string[]): AsyncGenerator<readonly PlateEvent[]> {
  let after: readonly [string, string] = ['-infinity', NO_ID];
  while (true) {
    const rows = await sql.query<{ detected_at: string; event_id: string; event: PlateEvent }>(
      `SELECT detected_at::text, event_id, event FROM plate_events WHERE text_normalized = ANY($1)
         AND (detected_at, event_id) > ($2::timestamptz, $3::uuid) ORDER BY detected_at, event_id LIMIT ${PAGE}`,
      [texts, ...after],
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ event }) => event);
    after = [last.detected_at, last.event_id];
  }
}

/** Events of other plates in which this one, or one that looks alike, is a possible reading. */
export async function countOtherReadings(sql: Sql, plate: string): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM plate_events WHERE candidates @> ARRAY[fold_plate($1)] AND text_normalized <> $1`,
    [plate],
  );
  return row?.n ?? 0;
}

/** How many of these texts are kept for search. */
export async function countTexts(sql: Sql, texts: readonly string[]): Promise<number> {
  const [row] = await sql.query<{ n: number }>('SELECT count(*)::int AS n FROM plate_texts WHERE text = ANY($1)', [
    texts,
  ]);
  return row?.n ?? 0;
}
