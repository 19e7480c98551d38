import type { NewNote, Note } from '../contract/api/plates.ts';
import type { Sql } from '../db/sql.ts';

/** What a note is about: a plate as it is searched, or an event. */
export type NoteSubject = Readonly<{ plate: string } | { event: string }>;

type Row = Omit<Note, 'at'> & Readonly<{ at: Date }>;

const COLUMNS = 'id, kind, text, at, by_name AS by';

/** Most notes of one subject that are read. */
const MOST = 500;

/** Notes and tags of a plate or an event, newest first. */
export async function readNotes(sql: Sql, subject: NoteSubject): Promise<readonly Note[]> {
  const [column, value] = columnOf(subject);
  const rows = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM plate_notes WHERE ${column} = $1 ORDER BY at DESC, id LIMIT ${MOST}`,
    [value],
  );
  return rows.map(toNote);
}

type Writing = Readonly<{ subject: NoteSubject; note: NewNote; by: Readonly<{ id: string; name: string }> }>;

/** Writes a note; a tag that is there already stays as it is, and is returned. */
export async function writeNote(sql: Sql, { subject, note, by }: Writing): Promise<Note> {
  const [column, value] = columnOf(subject);
  const [row] = await sql.query<Row>(
    `INSERT INTO plate_notes (${column}, kind, text, by_id, by_name) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (coalesce(plate, event_id::text), text) WHERE kind = 'tag' DO UPDATE SET text = EXCLUDED.text
     RETURNING ${COLUMNS}`,
    [value, note.kind, note.text, by.id, by.name],
  );
  if (!row) throw new Error('expected the note that was written');
  return toNote(row);
}

/** What a note is about and who wrote it; undefined when there is none. */
export async function findNote(
  sql: Sql,
  id: string,
): Promise<Readonly<{ subject: NoteSubject; by: string }> | undefined> {
  const [row] = await sql.query<Readonly<{ plate: string | null; event_id: string | null; by: string }>>(
    'SELECT plate, event_id, by_name AS by FROM plate_notes WHERE id = $1',
    [id],
  );
  if (row?.plate) return { subject: { plate: row.plate }, by: row.by };
  return row?.event_id ? { subject: { event: row.event_id }, by: row.by } : undefined;
}

/** Removes a note. */
export async function removeNote(sql: Sql, id: string): Promise<void> {
  await sql.query('DELETE FROM plate_notes WHERE id = $1', [id]);
}

function columnOf(subject: NoteSubject): readonly ['plate' | 'event_id', string] {
  return 'plate' in subject ? ['plate', subject.plate] : ['event_id', subject.event];
}

function toNote({ at, ...rest }: Row): Note {
  return { ...rest, at: at.toISOString() };
}
