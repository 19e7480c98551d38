import type { ChainedEntry } from '../../audit/chain.ts';
import type { PlateCipher } from '../../audit/plate-cipher.ts';
import type { AuditPage, AuditQuery, AuditSummary } from '../../contract/api/audit.ts';
import type { Sql } from '../../db/sql.ts';
import { decodeCursor, encodeCursor } from '../page.ts';
import { findPlateKey, readPlates } from './plate-keys.ts';

type EntryRow = Readonly<{ entry: ChainedEntry }>;

/** Entries newest first, as the auditor asks for them, with their plates as far as they can be read. */
export async function listEntries(sql: Sql, cipher: PlateCipher, query: AuditQuery): Promise<AuditPage> {
  const values: unknown[] = [query.limit + 1];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions: string[] = [];
  const equals = (expression: string, value: string | undefined) => {
    if (value !== undefined) conditions.push(`${expression} = ${bind(value)}`);
  };
  if (query.plate !== undefined) {
    const key = await findPlateKey(sql, cipher, query.plate);
    if (key === undefined) return { entries: [], next: null };
    conditions.push(`plate_keys @> ARRAY[${bind(key)}::uuid] AND plate_keys <> '{}'`);
  }
  if (query.person !== undefined) {
    const person = bind(query.person);
    conditions.push(`(entry->'who'->>'id' = ${person} OR lower(entry->'who'->>'name') = lower(${person}))`);
  }
  equals(`entry->>'action'`, query.action);
  equals(`entry->>'operation'`, query.operation);
  equals(`entry->>'purpose'`, query.purpose);
  equals(`entry->>'case_number'`, query.case);
  if (query.from !== undefined) conditions.push(`at >= ${bind(query.from)}::timestamptz`);
  if (query.to !== undefined) conditions.push(`at < ${bind(query.to)}::timestamptz`);
  if (query.cursor !== undefined) conditions.push(`number < ${bind(decodeCursor(query.cursor, ['number'])[0])}`);
  const rows = await sql.query<EntryRow>(
    `SELECT entry FROM audit_entries ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY number DESC LIMIT $1`,
    values,
  );
  const shown = rows.slice(0, query.limit).map(({ entry }) => entry);
  const plates = await readPlates(
    sql,
    cipher,
    shown.flatMap((entry) => entry.plates),
  );
  let at = 0;
  const entries = shown.map(({ previous: _, plates: sealed, ...entry }) => {
    at += sealed.length;
    return { ...entry, plates: [...plates.slice(at - sealed.length, at)] };
  });
  const last = shown.at(-1);
  return { entries, next: rows.length > query.limit && last ? encodeCursor([last.number]) : null };
}

const MOST_ROWS = 5000;
const SUMMARY_DAYS = 30;

type Span = Readonly<{ from?: string | undefined; to?: string | undefined }>;

/** How often was done what an entry says: the one that closes a time counts, and a change that has only begun is not done. */
const TIMES = `CASE WHEN entry->>'status' = '102' THEN 0 ELSE coalesce((entry->'query'->>'repeats')::int, 1) END`;

/** What each person did for each purpose on each day. */
export async function summarizeEntries(sql: Sql, timeZone: string, { from, to }: Span): Promise<AuditSummary> {
  const count = (...actions: readonly string[]) =>
    `coalesce(sum(${TIMES}) FILTER (WHERE entry->>'action' IN (${actions.map((action) => `'${action}'`).join(', ')})), 0)::int`;
  const rows = await sql.query<AuditSummary['rows'][number]>(
    `SELECT to_char(at AT TIME ZONE $3, 'YYYY-MM-DD') AS day, (array_agg(entry->'who' ORDER BY number DESC))[1] AS who,
       entry->>'purpose' AS purpose, ${count('search')} AS searches, ${count('view', 'live')} AS views,
       ${count('picture')} AS pictures, ${count('export')} AS exports,
       coalesce(sum((entry->>'results')::bigint) FILTER (WHERE entry->>'action' = 'export'), 0)::int AS exported_rows,
       ${count('change')} AS changes, ${count('refuse')} AS refusals,
       ${count('sign-in', 'sign-out', 'token', 'audit')} AS others
     FROM audit_entries
     WHERE at >= coalesce($1::timestamptz, coalesce($2::timestamptz, now()) - make_interval(days => ${SUMMARY_DAYS}))
       AND at < coalesce($2::timestamptz, 'infinity')
     GROUP BY 1, entry->'who'->>'kind', entry->'who'->>'id', 3
     ORDER BY 1 DESC, count(*) DESC LIMIT ${MOST_ROWS}`,
    [from ?? null, to ?? null, timeZone],
  );
  return { time_zone: timeZone, rows };
}
