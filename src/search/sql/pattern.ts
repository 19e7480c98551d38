import type { PlateEvent } from '../../contract/plate-event.ts';
import type { Sql } from '../../db/sql.ts';
import type { TimePlace } from '../engine.ts';
import type { PatternMatch } from '../explain-pattern.ts';
import type { SearchFilter } from '../search.ts';
import { Bindings, filterCondition } from './filter.ts';
import { matchCondition } from './match.ts';

type Wanted = Readonly<{
  match: PatternMatch | undefined;
  filter: SearchFilter;
  limit: number;
  after?: TimePlace | undefined;
}>;

/** Events whose text fits, newest first. */
export async function findPattern(sql: Sql, wanted: Wanted): Promise<readonly PlateEvent[]> {
  const { match, filter, limit, after } = wanted;
  const bindings = new Bindings();
  const conditions = [filterCondition(filter, bindings)];
  if (match !== undefined) conditions.unshift(matchCondition(match, bindings));
  if (after !== undefined) {
    conditions.push(
      `(detected_at, event_id) < (${bindings.bind(after.at)}::timestamptz, ${bindings.bind(after.id)}::uuid)`,
    );
  }
  const rows = await sql.query<{ event: PlateEvent }>(
    `SELECT event FROM plate_events WHERE ${conditions.join(' AND ')}
     ORDER BY detected_at DESC, event_id DESC LIMIT ${bindings.bind(limit)}`,
    bindings.values,
  );
  return rows.map(({ event }) => event);
}
