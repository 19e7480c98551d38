import type { Sql } from '../../db/sql.ts';

/** Plates and events, as people wrote them into notes and searches. */
type Named = Readonly<{ texts: readonly string[]; ids: readonly string[] }>;

/** Notes and tags of the plates or events, and notes of others that name one of the plates. */
const NOTES = `plate ~* ANY($1) OR event_id = ANY($2::uuid[]) OR plate_notes.text ~* ANY($1)`;

/** Saved searches for one of the plates; the second value is not asked. */
const SEARCHES = `query->>'q' ~* ANY($1) OR name ~* ANY($1) OR cardinality($2::uuid[]) < 0`;

const PLACES = {
  notes: `plate_notes WHERE ${NOTES}`,
  searches: `saved_searches WHERE ${SEARCHES}`,
} as const;

export type WrittenPlace = keyof typeof PLACES;

/** How many notes or searches name one of them. */
export async function countWritten(sql: Sql, place: WrittenPlace, { texts, ids }: Named): Promise<number> {
  const [row] = await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${PLACES[place]}`, [
    texts.map(toPattern),
    ids,
  ]);
  return row?.n ?? 0;
}

/** Deletes these; resolves to how many there were. */
export async function deleteWritten(sql: Sql, place: WrittenPlace, { texts, ids }: Named): Promise<number> {
  return (await sql.query(`DELETE FROM ${PLACES[place]} RETURNING 1`, [texts.map(toPattern), ids])).length;
}

/** A plate as a word of its own, however its characters are separated. */
function toPattern(text: string): string {
  return `(^|[^[:alnum:]])${[...text].join('[^[:alnum:]]*')}([^[:alnum:]]|$)`;
}
