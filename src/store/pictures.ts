import type { Scope } from '../contract/access.ts';
import { eventIdOf } from '../contract/image-key.ts';
import type { Sql } from '../db/sql.ts';
import { scopeCondition } from './scope.ts';

const PAGE = 500;
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** A picture that an event speaks of. */
type PictureReference = Readonly<{ eventId: string; key: string; sha256: string }>;

type Images = Readonly<Record<string, Readonly<{ key: string; sha256: string }>>> | null;
type Event = Readonly<{ images: Images }>;
type Row = Readonly<{ event_id: string; detected_at: string; revision: number; event: Event; newest?: Event | null }>;

const NEWEST = 'SELECT *, NULL::json AS newest FROM plate_events';
const OLDER = `SELECT kept.*, newest.event AS newest FROM event_revisions AS kept
  LEFT JOIN plate_events AS newest USING (event_id, detected_at)`;

/**
 * Every picture of every stored revision of events from `since` on, page by page. A revision that replaced none of the
 * newest one's pictures is left out, so that most pictures come once.
 */
export async function* readPictureReferences(
  sql: Sql,
  since: Date | undefined,
): AsyncGenerator<readonly PictureReference[]> {
  yield* readRows(sql, NEWEST, since);
  yield* readRows(sql, OLDER, since);
}

/** How many stored revisions there are from `since` on. */
export async function countRevisions(sql: Sql, since: Date | undefined): Promise<number> {
  const count = (table: string) => `(SELECT count(*) FROM ${table} WHERE $1::timestamptz IS NULL OR detected_at >= $1)`;
  const rows = await sql.query<{ count: string }>(
    `SELECT ${count('plate_events')} + ${count('event_revisions')} AS count`,
    [since ?? null],
  );
  return Number(rows[0]?.count ?? 0);
}

/** Those of the keys that a stored revision speaks of, of an event that the reader may see. The last folder of a picture's key is its event's id. */
export async function findReferencedKeys(
  sql: Sql,
  keys: readonly string[],
  scope: Scope,
): Promise<ReadonlySet<string>> {
  const ids = new Set(keys.map(eventIdOf).filter((id) => id !== undefined));
  if (ids.size === 0) return new Set();
  const values: unknown[] = [[...ids]];
  const where = scopeCondition(scope, (value) => `$${values.push(value)}`);
  const rows = await sql.query<Pick<Row, 'event'>>(
    `WITH seen AS (SELECT event_id, event FROM plate_events WHERE event_id = ANY($1::uuid[]) AND ${where})
     SELECT event FROM seen
     UNION ALL SELECT event FROM event_revisions WHERE event_id IN (SELECT event_id FROM seen)`,
    values,
  );
  return new Set(rows.flatMap(({ event: { images } }) => Object.values(images ?? {}).map(({ key }) => key)));
}

/** Whole events, taken apart here: PostgreSQL cannot take one apart in which it finds a NUL. */
async function* readRows(
  sql: Sql,
  rowsOf: string,
  since: Date | undefined,
): AsyncGenerator<readonly PictureReference[]> {
  let after: readonly [string, string, number] = [since?.toISOString() ?? '-infinity', NO_ID, 0];
  while (true) {
    const rows = await sql.query<Row>(
      `SELECT event_id, detected_at::text, revision, event, newest FROM (${rowsOf}) AS listed
       WHERE (detected_at, event_id, revision) > ($1::timestamptz, $2::uuid, $3::integer)
       ORDER BY detected_at, event_id, revision LIMIT ${PAGE}`,
      after,
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows.flatMap(referencesOf);
    after = [last.detected_at, last.event_id, last.revision];
  }
}

function referencesOf({ event_id, event: { images }, newest }: Row): readonly PictureReference[] {
  if (newest && JSON.stringify(newest.images) === JSON.stringify(images)) return [];
  return Object.values(images ?? {}).map(({ key, sha256 }) => ({ eventId: event_id, key, sha256 }));
}
