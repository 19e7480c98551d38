import type { PlateEvent } from '../../contract/plate-event.ts';
import type { Sql } from '../../db/sql.ts';
import type { TimePlace } from '../engine.ts';

/** How many events are stored. */
export async function countStored(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ events: number }>('SELECT count(*)::int AS events FROM plate_events');
  return row?.events ?? 0;
}

/** The next stored events in the order of time, retracted ones too; from the first one without `after`. */
export async function readStored(
  sql: Sql,
  { after, limit }: Readonly<{ after: TimePlace | undefined; limit: number }>,
): Promise<readonly PlateEvent[]> {
  const where = after ? 'WHERE (detected_at, event_id) > ($2::timestamptz, $3::uuid)' : '';
  const rows = await sql.query<{ event: PlateEvent }>(
    `SELECT event FROM plate_events ${where} ORDER BY detected_at, event_id LIMIT $1`,
    after ? [limit, after.at, after.id] : [limit],
  );
  return rows.map(({ event }) => event);
}
