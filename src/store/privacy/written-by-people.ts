import type { Sql } from '../../db/sql.ts';

/** Plates and events, as people wrote them into notes and searches. */
type Named = Readonly<{ texts: readonly string[]; ids: readonly string[] }>;

/** Notes and tags of the plates or events, and notes of others that name one of the plates. */
const NOTES = `plate ~* ANY($1) OR event_id = ANY($2::uuid[]) OR plate_notes.text ~* ANY($1) OR cardinality($3::text[]) < 0`;

/** What a saved search asks for, and the words of its name that are patterns. */
const SAID = `(SELECT query->>'q' AS asked
    UNION ALL SELECT word FROM regexp_split_to_table(name, '\\s+') AS word WHERE word ~ '[?*]') AS said,
  LATERAL (SELECT upper(regexp_replace(asked, '[^[:alnum:]?*]', '', 'g')) AS spelled) AS spelling`;

/**
 * Saved searches for one of the plates ($3), also by a pattern or a part of it. One that states half of its characters or fewer
 * fits so many others that it tells nothing of this one. The second value is not asked.
 */
const SEARCHES = `query->>'q' ~* ANY($1) OR name ~* ANY($1) OR cardinality($2::uuid[]) < 0 OR EXISTS (
  SELECT FROM unnest($3::text[]) AS plate, LATERAL ${SAID}
  WHERE 2 * length(translate(spelled, '?*', '')) > length(plate)
    AND plate ~ replace(replace(spelled, '?', '.'), '*', '.*'))`;

const PLACES = {
  notes: `plate_notes WHERE ${NOTES}`,
  searches: `saved_searches WHERE ${SEARCHES}`,
} as const;

export type WrittenPlace = keyof typeof PLACES;

/** How many notes or searches name one of them. */
export async function countWritten(sql: Sql, place: WrittenPlace, named: Named): Promise<number> {
  const [row] = await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${PLACES[place]}`, toValues(named));
  return row?.n ?? 0;
}

/** Deletes these; resolves to how many there were. */
export async function deleteWritten(sql: Sql, place: WrittenPlace, named: Named): Promise<number> {
  return (await sql.query(`DELETE FROM ${PLACES[place]} RETURNING 1`, toValues(named))).length;
}

function toValues({ texts, ids }: Named): readonly unknown[] {
  return [texts.map(toPattern), ids, texts];
}

/** A plate as a word of its own, however its characters are separated. */
function toPattern(text: string): string {
  return `(^|[^[:alnum:]])${[...text].join('[^[:alnum:]]*')}([^[:alnum:]]|$)`;
}
