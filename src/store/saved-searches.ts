import type { NewSavedSearch, SavedSearch } from '../contract/api/saved-searches.ts';
import type { Sql } from '../db/sql.ts';

/** Most searches that one person saves. */
export const MOST_SAVED = 200;

type Row = Omit<SavedSearch, 'at'> & Readonly<{ at: Date }>;

const COLUMNS = 'id, name, query, at';

/** The saved searches of one person, by name. */
export async function listSavedSearches(sql: Sql, owner: string): Promise<readonly SavedSearch[]> {
  const rows = await sql.query<Row>(`SELECT ${COLUMNS} FROM saved_searches WHERE owner = $1 ORDER BY name`, [owner]);
  return rows.map(toSaved);
}

/** Saves a search; undefined where the person has the name already, or too many. */
export async function saveSearch(
  sql: Sql,
  owner: string,
  { name, query }: NewSavedSearch,
): Promise<SavedSearch | undefined> {
  const [row] = await sql.query<Row>(
    `INSERT INTO saved_searches (owner, name, query)
     SELECT $1, $2, $3::jsonb WHERE (SELECT count(*) FROM saved_searches WHERE owner = $1) < ${MOST_SAVED}
     ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
    [owner, name, JSON.stringify(query)],
  );
  return row && toSaved(row);
}

/** The search under its new name; undefined where the person has the name already, or no such search. */
export async function renameSavedSearch(
  sql: Sql,
  owner: string,
  { id, name }: Readonly<{ id: string; name: string }>,
): Promise<SavedSearch | undefined> {
  const [row] = await sql.query<Row>(
    `UPDATE saved_searches SET name = $3 WHERE owner = $1 AND id = $2
       AND NOT EXISTS (SELECT FROM saved_searches WHERE owner = $1 AND name = $3 AND id <> $2)
     RETURNING ${COLUMNS}`,
    [owner, id, name],
  );
  return row && toSaved(row);
}

/** Removes a search of this person; false where there is none. */
export async function removeSavedSearch(sql: Sql, owner: string, id: string): Promise<boolean> {
  return (
    (await sql.query('DELETE FROM saved_searches WHERE owner = $1 AND id = $2 RETURNING id', [owner, id])).length > 0
  );
}

function toSaved({ at, ...rest }: Row): SavedSearch {
  return { ...rest, at: at.toISOString() };
}
