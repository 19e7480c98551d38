import type { Schedule } from '../../contract/rule.ts';
import type { SqlSession } from '../../db/sql.ts';

/** An entry of a list of plates, as those who match see it. */
export type StoredEntry = Readonly<{
  list: string;
  pattern: string;
  name: string;
  note: string;
  group: string;
  tags: readonly string[];
  /** Milliseconds. */
  validFrom: number | undefined;
  validUntil: number | undefined;
  schedule: Schedule | undefined;
}>;

type EntryRow = Readonly<{
  list_id: string;
  pattern: string;
  name: string;
  note: string;
  group_name: string;
  tags: readonly string[];
  valid_from: Date | null;
  valid_until: Date | null;
  schedule: Schedule | null;
}>;

const COLUMNS = 'list_id, pattern, name, note, group_name, tags, valid_from, valid_until, schedule';

/** Entries without wildcards, of any list, whose text is one of these. */
export async function findEntries(
  sql: Pick<SqlSession, 'query'>,
  texts: readonly string[],
): Promise<readonly StoredEntry[]> {
  if (texts.length === 0) return [];
  const rows = await sql.query<EntryRow>(
    `SELECT ${COLUMNS} FROM plate_list_entries WHERE pattern = ANY ($1::text[]) AND NOT is_wildcard
     ORDER BY pattern, list_id`,
    [texts],
    'find-list-entries',
  );
  return rows.map(entryOf);
}

/** All entries with wildcards. */
export async function readWildcardEntries(sql: Pick<SqlSession, 'query'>): Promise<readonly StoredEntry[]> {
  const rows = await sql.query<EntryRow>(
    `SELECT ${COLUMNS} FROM plate_list_entries WHERE is_wildcard ORDER BY pattern, list_id`,
  );
  return rows.map(entryOf);
}

/** What people call each list, by its id. */
export async function readListNames(sql: Pick<SqlSession, 'query'>): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query<{ id: string; name: string }>('SELECT id, name FROM plate_lists');
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function entryOf(row: EntryRow): StoredEntry {
  return {
    list: row.list_id,
    pattern: row.pattern,
    name: row.name,
    note: row.note,
    group: row.group_name,
    tags: row.tags,
    validFrom: row.valid_from?.getTime(),
    validUntil: row.valid_until?.getTime(),
    schedule: row.schedule ?? undefined,
  };
}
