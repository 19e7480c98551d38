import type { Sql } from '../../db/sql.ts';
import type { Costed, Ranks, TimePlace } from '../engine.ts';
import type { SearchFilter } from '../search.ts';
import { Bindings, filterCondition, isUnfiltered } from './filter.ts';
import { queryInIndexOrder } from './newest.ts';

type Wanted = Readonly<{
  ranks: Ranks;
  filter: SearchFilter;
  limit: number;
  after?: (TimePlace & Readonly<{ cost: number }>) | undefined;
}>;

/**
 * Events by the cost of their text, then newest first. Of each text no more are looked at than a page holds, and those of one
 * moment together: the index has no order among them, and sorting would fetch every event of a text that is seen often.
 * Candidates are found before they are sorted, or PostgreSQL might walk through time in search of them. Events themselves
 * are fetched last.
 */
export function findRanked(sql: Sql, { ranks, filter, limit, after }: Wanted): Promise<readonly Costed[]> {
  const bindings = new Bindings();
  const rest = ranks.texts.filter(({ cost }) => after === undefined || cost >= after.cost);
  const texts = bindings.bind(rest.map(({ text }) => text));
  const costs = bindings.bind(rest.map(({ cost }) => cost));
  const [candidateCost, most] = [bindings.bind(ranks.candidateCost), bindings.bind(limit)];
  const where = filterCondition(filter, bindings);
  const beyond = (cost: string) => (after === undefined ? 'true' : beyondPlace(cost, after, bindings));
  return queryInIndexOrder<Costed>(sql, {
    name: after === undefined && isUnfiltered(filter) ? 'find-ranked' : undefined,
    text: `WITH other AS MATERIALIZED (
       SELECT ${candidateCost}::float8 AS cost, detected_at, event_id FROM plate_events
       WHERE candidates @> ARRAY[${bindings.bind(ranks.match.folded)}]::text[]
         AND text_normalized <> ALL (${bindings.bind(ranks.match.texts)}::text[]) AND ${where}),
     page AS MATERIALIZED (
       SELECT near.cost, found.detected_at, found.event_id
       FROM unnest(${texts}::text[], ${costs}::float8[]) AS near (text, cost) CROSS JOIN LATERAL (
         SELECT detected_at, event_id FROM plate_events
         WHERE text_normalized = near.text AND ${where} AND ${beyond('near.cost')}
         ORDER BY detected_at DESC FETCH FIRST (${most}::int) ROWS WITH TIES) AS found
       UNION ALL
       SELECT cost, detected_at, event_id FROM other WHERE ${beyond('cost')}
       ORDER BY cost, detected_at DESC, event_id DESC LIMIT ${most}::int)
     SELECT event, cost FROM page JOIN plate_events USING (event_id, detected_at)
     ORDER BY cost, detected_at DESC, event_id DESC`,
    values: bindings.values,
  });
}

function beyondPlace(cost: string, after: TimePlace & Readonly<{ cost: number }>, bindings: Bindings): string {
  const [least, at, id] = [bindings.bind(after.cost), bindings.bind(after.at), bindings.bind(after.id)];
  return `(${cost} > ${least}::float8
    OR ${cost} = ${least}::float8 AND (detected_at, event_id) < (${at}::timestamptz, ${id}::uuid))`;
}
