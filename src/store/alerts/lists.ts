import type { EntryFields, ListEntry, ListFields, PlateList } from '../../contract/api/lists.ts';
import type { Sql } from '../../db/sql.ts';
import { decodeCursor, encodeCursor, type Page } from '../page.ts';
import { countChange } from './settings.ts';

type ListRow = Omit<PlateList, 'at'> & Readonly<{ at: Date }>;

const COUNTED = `id, name, note, colour, at,
  (SELECT count(*) FROM plate_list_entries WHERE list_id = plate_lists.id)::int AS entries`;

/** Columns of an entry, under the names that it has outside. */
export const ENTRY = `pattern AS plate, name, note, group_name AS "group", colour, tags, valid_from, valid_until, schedule`;

type EntryRow = Omit<ListEntry, 'valid_from' | 'valid_until'> &
  Readonly<{ valid_from: Date | null; valid_until: Date | null }>;

/** All lists, by name. */
export async function listPlateLists(sql: Sql): Promise<readonly PlateList[]> {
  const rows = await sql.query<ListRow>(`SELECT ${COUNTED} FROM plate_lists ORDER BY name, id`);
  return rows.map(toList);
}

/** Makes a list, or changes what it is called and is for. */
export function writePlateList(sql: Sql, id: string, fields: ListFields): Promise<PlateList> {
  return sql.transaction(async (session) => {
    await session.query(
      `INSERT INTO plate_lists (id, name, note, colour) VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, note = EXCLUDED.note, colour = EXCLUDED.colour`,
      [id, fields.name, fields.note, fields.colour],
    );
    await countChange(session);
    const [row] = await session.query<ListRow>(`SELECT ${COUNTED} FROM plate_lists WHERE id = $1`, [id]);
    if (!row) throw new Error('expected the list that was written');
    return toList(row);
  });
}

/** Removes a list with its entries; undefined where there is none, or else how many entries it had. */
export function removePlateList(sql: Sql, id: string): Promise<number | undefined> {
  return sql.transaction(async (session) => {
    const entries = await session.query('DELETE FROM plate_list_entries WHERE list_id = $1 RETURNING 1', [id]);
    const removed = await session.query('DELETE FROM plate_lists WHERE id = $1 RETURNING 1', [id]);
    await countChange(session);
    return removed.length > 0 ? entries.length : undefined;
  });
}

/** Whether there is such a list. */
export async function hasPlateList(sql: Sql, id: string): Promise<boolean> {
  return (await sql.query('SELECT FROM plate_lists WHERE id = $1', [id])).length > 0;
}

type EntriesQuery = Readonly<{ q?: string | undefined; limit: number; cursor?: string | undefined }>;

/** A page of entries, in the order of their texts. */
export async function listEntries(sql: Sql, list: string, query: EntriesQuery): Promise<Page<ListEntry>> {
  const values: unknown[] = [list, query.limit + 1];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = ['list_id = $1'];
  if (query.q !== undefined) {
    const start = bind(query.q);
    const begins = (column: string) => `starts_with(upper(${column}), upper(${start}))`;
    const tags = `EXISTS (SELECT FROM unnest(tags) AS tag WHERE ${begins('tag')})`;
    conditions.push(`(${['pattern', 'name', 'group_name'].map(begins).join(' OR ')} OR ${tags})`);
  }
  if (query.cursor !== undefined) conditions.push(`pattern > ${bind(decodeCursor(query.cursor, ['text'])[0])}`);
  const rows = await sql.query<EntryRow>(
    `SELECT ${ENTRY} FROM plate_list_entries WHERE ${conditions.join(' AND ')} ORDER BY pattern LIMIT $2`,
    values,
  );
  const items = rows.slice(0, query.limit).map(toEntry);
  const last = items.at(-1);
  return { items, next: rows.length > query.limit && last ? encodeCursor([last.plate]) : null };
}

/** Adds an entry to a list that there is, or replaces the one of the same text. */
export function writeEntry(sql: Sql, list: string, plate: string, fields: EntryFields): Promise<void> {
  return sql.transaction(async (session) => {
    await session.query(
      `INSERT INTO plate_list_entries
         (list_id, pattern, name, note, group_name, colour, tags, valid_from, valid_until, schedule)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)
       ON CONFLICT (pattern, list_id) DO UPDATE SET name = EXCLUDED.name, note = EXCLUDED.note,
         group_name = EXCLUDED.group_name, colour = EXCLUDED.colour, tags = EXCLUDED.tags,
         valid_from = EXCLUDED.valid_from, valid_until = EXCLUDED.valid_until, schedule = EXCLUDED.schedule`,
      [
        list,
        plate,
        fields.name,
        fields.note,
        fields.group,
        fields.colour,
        fields.tags,
        fields.valid_from,
        fields.valid_until,
        fields.schedule && JSON.stringify(fields.schedule),
      ],
    );
    await countChange(session);
  });
}

/** Removes an entry; false where there is none. */
export function removeEntry(sql: Sql, list: string, plate: string): Promise<boolean> {
  return sql.transaction(async (session) => {
    const removed = await session.query(
      'DELETE FROM plate_list_entries WHERE list_id = $1 AND pattern = $2 RETURNING 1',
      [list, plate],
    );
    await countChange(session);
    return removed.length > 0;
  });
}

function toList({ at, ...rest }: ListRow): PlateList {
  return { ...rest, at: at.toISOString() };
}

function toEntry({ valid_from, valid_until, ...rest }: EntryRow): ListEntry {
  return {
    ...rest,
    valid_from: valid_from?.toISOString() ?? null,
    valid_until: valid_until?.toISOString() ?? null,
  };
}
