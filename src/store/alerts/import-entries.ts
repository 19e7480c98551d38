import type { Imported, ListEntry } from '../../contract/api/lists.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';
import { formatArray, formatRow } from '../copy-text.ts';
import { countChange } from './settings.ts';

/** A line of a file: an entry, or why there is none. */
type ImportLine = Readonly<{ line: number; entry: ListEntry } | { line: number; why: string }>;

type Import = Readonly<{
  list: string;
  /** Whether entries that the file does not have are removed. */
  replaces: boolean;
  /** Otherwise nothing is changed. */
  applies: boolean;
  lines: AsyncIterable<readonly ImportLine[]>;
}>;

/** How many refusals, and how many plates of each kind, are named. */
const MOST_REFUSALS = 100;
const MOST_SHOWN = 20;

const CREATE_STAGING = `CREATE TEMP TABLE incoming (
  line int, pattern text, name text, note text, group_name text, colour text, tags text[], valid_from timestamptz,
  valid_until timestamptz, schedule jsonb
) ON COMMIT DROP`;

const STAGE = 'COPY incoming FROM STDIN';

/** Of lines with the same plate the first one counts. */
const DROP_DOUBLES = `WITH ranked AS (
  SELECT line, first_value(line) OVER (PARTITION BY pattern ORDER BY line) AS first FROM incoming
), gone AS (
  DELETE FROM incoming USING ranked WHERE incoming.line = ranked.line AND ranked.first < ranked.line
  RETURNING ranked.line, ranked.first
) SELECT line, first, (count(*) OVER ())::int AS count FROM gone ORDER BY line LIMIT ${MOST_REFUSALS}`;

const FIELDS = 'name, note, group_name, colour, tags, valid_from, valid_until, schedule';
const of = (table: string) =>
  FIELDS.split(', ')
    .map((field) => `${table}.${field}`)
    .join(', ');

const COMPARE = `SELECT state, count(*)::int AS count, (array_agg(pattern ORDER BY pattern))[1:${MOST_SHOWN}] AS shown FROM (
  SELECT coalesce(incoming.pattern, kept.pattern) AS pattern, CASE
    WHEN kept.pattern IS NULL THEN 'added'
    WHEN incoming.pattern IS NULL THEN 'removed'
    WHEN (${of('incoming')}) IS DISTINCT FROM (${of('kept')}) THEN 'changed'
    ELSE 'unchanged' END AS state
  FROM incoming FULL JOIN (SELECT * FROM plate_list_entries WHERE list_id = $1) AS kept ON kept.pattern = incoming.pattern
) AS compared GROUP BY state`;

const WRITE = `INSERT INTO plate_list_entries AS kept (list_id, pattern, ${FIELDS})
  SELECT $1, pattern, ${FIELDS} FROM incoming ORDER BY pattern
  ON CONFLICT (pattern, list_id) DO UPDATE SET (${FIELDS}) = ROW (${of('EXCLUDED')})
  WHERE (${of('kept')}) IS DISTINCT FROM (${of('EXCLUDED')})`;

const REMOVE = `DELETE FROM plate_list_entries
  WHERE list_id = $1 AND NOT EXISTS (SELECT FROM incoming WHERE incoming.pattern = plate_list_entries.pattern)`;

type Refusal = Imported['refusals'][number];
/** What was read of the file so far. */
type Read = { count: number; refused: number; readonly refusals: Refusal[] };
type State = 'added' | 'changed' | 'removed' | 'unchanged';
type StateRow = Readonly<{ state: State; count: number; shown: string[] }>;

/** Takes the entries of a file into a list, or tells what that would change. All of it, or nothing. */
export function importEntries(sql: Sql, { list, replaces, applies, lines }: Import): Promise<Imported> {
  return sql.transaction(async (session) => {
    await session.query(CREATE_STAGING);
    const read: Read = { count: 0, refused: 0, refusals: [] };
    await session.copyFrom(STAGE, stage(lines, read));
    const doubles = await session.query<Readonly<{ line: number; first: number; count: number }>>(DROP_DOUBLES);
    const twice = doubles.map(({ line, first }) => ({ line, why: `Line ${first} has the same plate, and counts` }));
    // Two files at once would each be compared with what the other is about to change.
    await session.query('SELECT FROM plate_lists WHERE id = $1 FOR UPDATE', [list]);
    await session.query('CREATE INDEX ON incoming (pattern)');
    await session.query('ANALYZE incoming');
    const compared = await compare(session, list);
    const changes = compared.counts.added + compared.counts.changed + (replaces ? compared.counts.removed : 0);
    if (applies && changes > 0) {
      await session.query(WRITE, [list]);
      if (replaces) await session.query(REMOVE, [list]);
      await countChange(session);
    }
    const { added, changed, removed, unchanged } = compared.counts;
    const refusals = [...read.refusals, ...twice].toSorted((a, b) => a.line - b.line);
    return {
      applied: applies,
      lines: read.count,
      added,
      changed,
      removed: replaces ? removed : 0,
      unchanged,
      refused: read.refused + (doubles[0]?.count ?? 0),
      shown: { ...compared.shown, removed: replaces ? compared.shown.removed : [] },
      refusals: refusals.slice(0, MOST_REFUSALS),
    };
  });
}

/** The entries as rows of `incoming`, as they are read. */
async function* stage(lines: Import['lines'], read: Read): AsyncGenerator<Uint8Array> {
  for await (const batch of lines) {
    const wrong = batch.filter((line) => 'why' in line);
    read.refusals.push(...wrong.slice(0, MOST_REFUSALS - Math.min(MOST_REFUSALS, read.refusals.length)));
    read.refused += wrong.length;
    read.count += batch.length;
    yield Buffer.from(batch.map((line) => ('entry' in line ? formatEntry(line) : '')).join(''));
  }
}

function formatEntry({ line, entry }: Readonly<{ line: number; entry: ListEntry }>): string {
  const { plate, name, note, group, colour, tags, valid_from, valid_until, schedule } = entry;
  const texts = [String(line), plate, name, note, group, colour, formatArray(tags)];
  return formatRow([...texts, valid_from, valid_until, schedule && JSON.stringify(schedule)]);
}

async function compare(session: SqlSession, list: string) {
  const counts = { added: 0, changed: 0, removed: 0, unchanged: 0 };
  const shown: Record<State, string[]> = { added: [], changed: [], removed: [], unchanged: [] };
  for (const row of await session.query<StateRow>(COMPARE, [list])) {
    counts[row.state] = row.count;
    shown[row.state] = row.shown;
  }
  return { counts, shown: { added: shown.added, changed: shown.changed, removed: shown.removed } };
}
