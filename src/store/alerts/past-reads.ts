import type { Scope } from '../../contract/access.ts';
import type { PlateEvent } from '../../contract/plate-event.ts';
import { foldPlate } from '../../contract/plate-text.ts';
import type { Sql } from '../../db/sql.ts';
import { scopeCondition } from '../scope.ts';
import { timeOf } from './history.ts';

/** Reads that rules are tried on. */
export type PastWanted = Readonly<{
  scope: Scope;
  /** ISO 8601, both included. */
  from: string;
  to: string;
  cameras: readonly string[] | undefined;
  sites: readonly string[] | undefined;
  /** Whether the events themselves are asked for, or what the columns have of them. */
  whole: boolean;
}>;

/** What the columns have of an event; `event` where it was asked for. */
export type PastRow = Readonly<{
  event_id: string;
  /** Milliseconds: events have no more. */
  at: number;
  status: PlateEvent['status'];
  site_id: string;
  camera_id: string;
  text_normalized: string;
  /** Events have five decimals of it, the column the nearest number of single precision. */
  confidence: number;
  region: string | null;
  vehicle_type: string | null;
  directions: readonly string[] | null;
  zones: readonly string[] | null;
  event: PlateEvent | null;
}>;

/** Most reads that are held against a rule at once. */
const PAGE = 5000;

/** Reads of these plates, or of all, a page at a time; of all of them in the order of time. */
export async function* readPast(
  sql: Sql,
  wanted: PastWanted,
  texts?: readonly string[],
): AsyncGenerator<readonly PastRow[]> {
  let next: Promise<readonly PastRow[]> | undefined = readPage(sql, wanted, texts, undefined);
  while (next) {
    const page: readonly PastRow[] = await next;
    // The next page is read while this one is looked at.
    next = page.length === PAGE ? readPage(sql, wanted, texts, page.at(-1)) : undefined;
    next?.catch(() => undefined);
    if (page.length > 0) yield page;
  }
}

function readPage(
  sql: Sql,
  wanted: PastWanted,
  texts: readonly string[] | undefined,
  last: PastRow | undefined,
): Promise<readonly PastRow[]> {
  const key = texts ? ['text_normalized', 'detected_at', 'event_id'] : ['detected_at', 'event_id'];
  // Partitions that have been read are left out.
  const from = last && !texts ? timeOf(last.at) : wanted.from;
  const values: unknown[] = [from, wanted.to];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = [
    "detected_at >= $1::timestamptz AND detected_at <= $2::timestamptz AND status <> 'retracted'",
    scopeCondition(wanted.scope, bind),
    ...(texts ? [`text_normalized = ANY (${bind(texts)}::text[])`] : []),
    ...(wanted.cameras ? [`camera_id = ANY (${bind(wanted.cameras)}::text[])`] : []),
    ...(wanted.sites ? [`site_id = ANY (${bind(wanted.sites)}::text[])`] : []),
  ];
  if (last) {
    const place = [...(texts ? [last.text_normalized] : []), timeOf(last.at), last.event_id];
    conditions.push(`(${key.join(', ')}) > (${place.map(bind).join(', ')})`);
  }
  return sql.query<PastRow>(
    `SELECT event_id, (extract(epoch FROM detected_at) * 1000)::float8 AS at, status, site_id, camera_id, text_normalized,
       vehicle_type, region, directions, zones, confidence, ${wanted.whole ? 'event' : 'NULL AS event'}
     FROM plate_events WHERE ${conditions.join(' AND ')} ORDER BY ${key.join(', ')} LIMIT ${PAGE}`,
    values,
  );
}

/** Stored texts that fit a pattern with `?` and `*`. */
export async function findTextsLike(sql: Sql, pattern: string): Promise<readonly string[]> {
  const like = pattern.replaceAll('?', '_').replaceAll('*', '%');
  return readTexts(sql, 'folded LIKE $1 AND text LIKE $2', [foldPlate(like), like]);
}

/** Stored texts that are one of these but for characters that look alike. */
export function findTextsAlike(sql: Sql, texts: readonly string[]): Promise<readonly string[]> {
  return readTexts(sql, 'folded = ANY ($1::text[])', [texts.map(foldPlate)]);
}

/** Stored texts that are entries without wildcards of one of these lists, or with one of these tags. */
export function findTextsListed(
  sql: Sql,
  { lists, tags }: Readonly<{ lists: readonly string[]; tags: readonly string[] }>,
): Promise<readonly string[]> {
  const listed = `SELECT pattern FROM plate_list_entries
    WHERE NOT is_wildcard AND (list_id = ANY ($1::text[]) OR tags && $2::text[])`;
  return readTexts(sql, `text IN (${listed})`, [lists, tags]);
}

/** All stored texts, some at a time. */
export async function* readAllTexts(sql: Sql): AsyncGenerator<readonly string[]> {
  let last = '';
  for (;;) {
    const texts = await readTexts(sql, 'text > $1 ORDER BY text LIMIT 50000', [last]);
    if (texts.length === 0) return;
    yield texts;
    last = texts.at(-1) ?? '';
  }
}

async function readTexts(sql: Sql, where: string, values: readonly unknown[]): Promise<readonly string[]> {
  return (await sql.query<{ text: string }>(`SELECT text FROM plate_texts WHERE ${where}`, values)).map(
    ({ text }) => text,
  );
}
