import type { PlateEvent } from '../../contract/plate-event.ts';
import type { Sql } from '../../db/sql.ts';
import { HELD } from './holds.ts';

const PAGE = 500;
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** The newest revisions of all events that a hold keeps, page by page. */
export async function* readHeldEvents(sql: Sql): AsyncGenerator<readonly PlateEvent[]> {
  let after = NO_ID;
  while (true) {
    const rows = await sql.query<{ event_id: string; event: PlateEvent }>(
      `SELECT event_id, event FROM plate_events WHERE ${HELD} AND event_id > $1::uuid ORDER BY event_id LIMIT ${PAGE}`,
      [after],
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ event }) => event);
    after = last.event_id;
  }
}
