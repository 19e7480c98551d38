import type { Scope } from '../contract/access.ts';
import type { EventHistory } from '../contract/api/events.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import { plausibleSpan } from '../contract/plausible-time.ts';
import type { Sql } from '../db/sql.ts';
import { decodeCursor, encodeCursor, type Page } from './page.ts';
import { scopeCondition } from './scope.ts';

export type ListOptions = Readonly<{ limit: number; cursor?: string | undefined }>;

export type EventFilter = Readonly<{
  /** What the reader may see. */
  scope: Scope;
  camera?: string | undefined;
  text?: string | undefined;
  /** Events of impossible times instead of all others. */
  misdated?: boolean | undefined;
}>;

/** The newest stands in plate_events alone. */
const allRevisions = (
  where: string,
) => `WITH seen AS (SELECT event, revision FROM plate_events WHERE event_id = $1 AND ${where})
  SELECT event FROM (
    SELECT event, revision FROM seen
    UNION ALL SELECT event, revision FROM event_revisions WHERE event_id = $1 AND EXISTS (SELECT FROM seen)
  ) AS kept ORDER BY revision`;

type ListedRow = Readonly<{ detected_at: Date; event_id: string; event: string }>;
type RevisionRow = Readonly<{ event: PlateEvent }>;

/**
 * Events newest first, of one camera or one plate where `filter` says so, each as the JSON text that is stored: a list
 * goes out as it lies there. Pages do not shift when events arrive.
 */
export async function listEvents(sql: Sql, filter: EventFilter, options: ListOptions): Promise<Page<string>> {
  const values: unknown[] = [options.limit + 1];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const span = plausibleSpan(Date.now());
  const within = `detected_at BETWEEN ${bind(span.from)}::timestamptz AND ${bind(span.to)}::timestamptz`;
  const conditions = [filter.misdated ? `NOT (${within})` : within, scopeCondition(filter.scope, bind)];
  if (filter.camera !== undefined) conditions.push(`camera_id = ${bind(filter.camera)}`);
  if (filter.text !== undefined) conditions.push(`text_normalized = ${bind(filter.text)}`);
  if (options.cursor !== undefined) {
    const [at, id] = decodeCursor(options.cursor, ['time', 'uuid']);
    conditions.push(`(detected_at, event_id) < (${bind(at)}::timestamptz, ${bind(id)}::uuid)`);
  }
  const rows = await sql.query<ListedRow>(
    `SELECT detected_at, event_id, event::text FROM plate_events WHERE ${conditions.join(' AND ')}
     ORDER BY detected_at DESC, event_id DESC LIMIT $1`,
    values,
  );
  const shown = rows.slice(0, options.limit);
  const last = shown.at(-1);
  const next =
    rows.length > options.limit && last ? encodeCursor([last.detected_at.toISOString(), last.event_id]) : null;
  return { items: shown.map(({ event }) => event), next };
}

/** The newest revision of one event and all its revisions in order; undefined when there is none that the reader may see. */
export async function findEvent(
  sql: Sql,
  eventId: string,
  scope: Scope,
): Promise<Omit<EventHistory, 'misdated'> | undefined> {
  const values: unknown[] = [eventId];
  const where = scopeCondition(scope, (value) => `$${values.push(value)}`);
  const rows = await sql.query<RevisionRow>(allRevisions(where), values);
  const revisions = rows.map(({ event }) => event);
  const event = revisions.at(-1);
  return event && { event, revisions };
}

/** The newest stored revision of each of these events; those that are not there are left out. Ids in lower case. */
export async function readRevisions(sql: Sql, eventIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await sql.query<{ event_id: string; revision: number }>(
    'SELECT event_id, max(revision) AS revision FROM plate_events WHERE event_id = ANY($1::uuid[]) GROUP BY event_id',
    [eventIds],
  );
  return new Map(rows.map(({ event_id, revision }) => [event_id, revision]));
}

/** Most events that `readStoredSince` returns. */
const MAX_SINCE = 5000;
/** How old an event may be when it is stored, for `readStoredSince` to find it. */
const MAX_DELAY = "interval '1 hour'";

/** Events stored since a moment, ISO 8601, in the order in which they were stored; if there are too many, the newest. */
export async function readStoredSince(sql: Sql, since: string, scope: Scope): Promise<readonly string[]> {
  const values: unknown[] = [since];
  const where = scopeCondition(scope, (value) => `$${values.push(value)}`);
  // Times have an index; what is stored has none, and needs none for so few.
  const rows = await sql.query<{ event: string }>(
    `SELECT event::text FROM plate_events
     WHERE detected_at >= $1::timestamptz - ${MAX_DELAY} AND stored_at >= $1::timestamptz AND ${where}
     ORDER BY stored_at DESC, detected_at DESC, event_id DESC LIMIT ${MAX_SINCE}`,
    values,
  );
  return rows.map(({ event }) => event).reverse();
}

/** How many events have an impossible time, retracted ones too. */
export async function countMisdated(sql: Pick<Sql, 'query'>, scope: Scope): Promise<number> {
  const { from, to } = plausibleSpan(Date.now());
  const values: unknown[] = [from, to];
  const where = scopeCondition(scope, (value) => `$${values.push(value)}`);
  const [row] = await sql.query<{ events: number }>(
    `SELECT count(*)::int AS events FROM plate_events WHERE (detected_at < $1 OR detected_at > $2) AND ${where}`,
    values,
  );
  return row?.events ?? 0;
}

/** How many events there are, retracted ones too. */
export async function countEvents(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ events: number }>('SELECT count(*)::int AS events FROM plate_events');
  return row?.events ?? 0;
}

/** The next events in the order of time, retracted ones too; from the first one without `after`. */
export async function scanEvents(
  sql: Sql,
  { after, limit }: Readonly<{ after: Readonly<{ at: string; id: string }> | undefined; limit: number }>,
): Promise<readonly PlateEvent[]> {
  const where = after ? 'WHERE (detected_at, event_id) > ($2::timestamptz, $3::uuid)' : '';
  const rows = await sql.query<RevisionRow>(
    `SELECT event FROM plate_events ${where} ORDER BY detected_at, event_id LIMIT $1`,
    after ? [limit, after.at, after.id] : [limit],
  );
  return rows.map(({ event }) => event);
}
