import type { PlateEvent } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import { Bindings, decodePlace, filterConditions } from './filter.ts';
import { foldText } from './look-alike.ts';
import type { ParsedQuery } from './query.ts';
import type { Hit, Reason, SearchQuery } from './search.ts';

export type CostedHit = Hit & Readonly<{ cost: number }>;

type PatternMode = Exclude<ParsedQuery['mode'], 'fuzzy'>;

/** Finds by LIKE: exact, prefix, suffix, contains and wildcard, newest first; one more than `limit` where there is more. */
export async function searchPattern(
  sql: Sql,
  query: SearchQuery,
  parsed: Readonly<{ text: string; mode: PatternMode }>,
): Promise<readonly CostedHit[]> {
  const bindings = new Bindings();
  const conditions = [matchCondition(parsed, bindings), ...filterConditions(query, bindings)];
  if (query.cursor !== undefined) {
    const { at, id } = decodePlace(query.cursor);
    conditions.push(`(detected_at, event_id) < (${bindings.bind(at)}::timestamptz, ${bindings.bind(id)}::uuid)`);
  }
  const rows = await sql.query<{ event: PlateEvent }>(
    `SELECT event FROM plate_events WHERE ${conditions.join(' AND ')}
     ORDER BY detected_at DESC, event_id DESC LIMIT ${bindings.bind(query.limit + 1)}`,
    bindings.values,
  );
  return rows.map(({ event }) => ({ event, cost: 0, ...explainMatch(event.plate.text_normalized, parsed) }));
}

function matchCondition({ text, mode }: Readonly<{ text: string; mode: PatternMode }>, bindings: Bindings): string {
  if (mode === 'exact') return `text_normalized = ${bindings.bind(text)}`;
  const pattern = patternOf(text, mode);
  const like = bindings.bind(pattern);
  // Prefixes have an index of their own.
  if (mode === 'prefix') return `text_normalized LIKE ${like}`;
  const folded = bindings.bind(foldText(pattern));
  return `text_normalized IN (SELECT text FROM plate_texts WHERE folded LIKE ${folded} AND text LIKE ${like})`;
}

/** Queries hold letters and digits alone, so nothing in them means anything to LIKE. */
function patternOf(text: string, mode: Exclude<PatternMode, 'exact'>): string {
  switch (mode) {
    case 'prefix':
      return `${text}%`;
    case 'suffix':
      return `%${text}`;
    case 'contains':
      return `%${text}%`;
    case 'wildcard':
      return text.replaceAll('?', '_').replaceAll('*', '%');
  }
}

function explainMatch(found: string, { text, mode }: Readonly<{ text: string; mode: PatternMode }>) {
  const known = mode === 'wildcard' ? text.replace(/[?*]/g, '').length : text.length;
  const distance = Math.max(0, found.length - known);
  const score = found.length === 0 ? 0 : Math.min(1, known / found.length);
  const reason: Reason =
    found === text
      ? { kind: 'exact', distance: 0, detail: 'the whole text' }
      : { kind: mode, distance, detail: detailOf(found, text, mode) };
  return { score, reason };
}

function detailOf(found: string, text: string, mode: PatternMode): string {
  switch (mode) {
    case 'exact':
      return 'the whole text';
    case 'prefix':
      return `begins with ${text}`;
    case 'suffix':
      return `ends with ${text}`;
    case 'contains':
      return `${text} at ${found.indexOf(text) + 1}`;
    case 'wildcard':
      return `fits ${text}`;
  }
}
