import type { PlateEvent } from '../../contract/plate-event.ts';
import type { Sql } from '../../db/sql.ts';
import type { ReadsWanted, StoredParts, TimePlace } from '../engine.ts';
import type { SearchFilter } from '../search.ts';
import { Bindings, filterCondition, isUnfiltered } from './filter.ts';
import { queryInIndexOrder } from './newest.ts';

type Row = Readonly<{
  event_id: string;
  detected_at: Date;
  status: PlateEvent['status'];
  text: string;
  confidence: number;
  plate: PlateEvent['plate'] | null;
}>;

/**
 * The reads to compare. Of the very text the confidence says all, and its events are not taken apart; of others the plate
 * alone is taken out of the event. Those of one text and one moment come together, as `findRanked` says.
 */
export async function findReads(sql: Sql, wanted: ReadsWanted, filter: SearchFilter): Promise<readonly StoredParts[]> {
  const { text, match, until, most } = wanted;
  const bindings = new Bindings();
  const [asked, others] = [bindings.bind(text), bindings.bind(match.texts.filter((near) => near !== text))];
  const passed = until === undefined ? '' : ` AND detected_at <= ${bindings.bind(until)}::timestamptz`;
  const where = filterCondition(filter, bindings) + passed;
  // Our own numbers, inside the text because the plan is made before the values are known.
  const newest = (count: number) => `ORDER BY detected_at DESC FETCH FIRST ${count} ROWS WITH TIES`;
  const rows = await queryInIndexOrder<Row>(sql, {
    name: until === undefined && isUnfiltered(filter) ? 'find-reads' : undefined,
    text: `WITH other AS MATERIALIZED (
       SELECT event_id, detected_at FROM plate_events
       WHERE candidates @> ARRAY[${bindings.bind(match.folded)}]::text[] AND text_normalized <> ${asked}
         AND text_normalized <> ALL (${others}::text[]) AND ${where}),
     near AS MATERIALIZED (
       SELECT event_id, detected_at
       FROM unnest(${others}::text[]) WITH ORDINALITY AS one (text, nearness) CROSS JOIN LATERAL (
         SELECT event_id, detected_at FROM plate_events WHERE text_normalized = one.text AND ${where}
         ${newest(most.ofText)}) AS found
       ORDER BY nearness, detected_at DESC, event_id DESC LIMIT ${most.near}),
     apart AS MATERIALIZED (
       SELECT * FROM near UNION ALL (SELECT * FROM other ${newest(most.candidates)}))
     (SELECT event_id, detected_at, status, text_normalized AS text, confidence, NULL::json AS plate FROM plate_events
       WHERE text_normalized = ${asked} AND ${where} ${newest(most.exact)})
     UNION ALL
     SELECT event_id, detected_at, status, text_normalized, confidence, event->'plate'
       FROM apart JOIN plate_events USING (event_id, detected_at)`,
    values: bindings.values,
  });
  return rows.map(partsOf);
}

function partsOf({ event_id, detected_at, status, text, confidence, plate }: Row): StoredParts {
  const told = plate ?? { text_normalized: text, confidence, chars: [], candidates: [] };
  return { id: event_id, at: detected_at.toISOString(), status, plate: told };
}

/** These events, by their keys. */
export async function readEvents(sql: Sql, places: readonly TimePlace[]): Promise<readonly PlateEvent[]> {
  const rows = await sql.query<{ event: PlateEvent }>(
    `SELECT event FROM unnest($1::uuid[], $2::timestamptz[]) AS wanted (id, at)
     JOIN plate_events ON event_id = id AND detected_at = at`,
    [places.map(({ id }) => id), places.map(({ at }) => at)],
  );
  return rows.map(({ event }) => event);
}
