import { FIRST_REVIEW, type PlateEvent } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';

const PAGE = 200;
const NO_ID = '00000000-0000-0000-0000-000000000000';

type Span = Readonly<{ from?: Date | undefined; to?: Date | undefined }>;
type Row = Readonly<{ event_id: string; at: string; event: PlateEvent }>;

/** Events on which a person decided and that were not retracted, in order of time, page by page. */
export async function* readReviewedEvents(sql: Sql, { from, to }: Span): AsyncGenerator<readonly PlateEvent[]> {
  let after: readonly [string, string] = [from?.toISOString() ?? '-infinity', NO_ID];
  while (true) {
    const rows = await sql.query<Row>(
      `SELECT event_id, detected_at::text AS at, event FROM plate_events
       WHERE revision >= ${FIRST_REVIEW} AND status <> 'retracted'
         AND (detected_at, event_id) > ($1::timestamptz, $2::uuid) AND detected_at <= coalesce($3::timestamptz, 'infinity')
       ORDER BY detected_at, event_id LIMIT ${PAGE}`,
      [...after, to ?? null],
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ event }) => event);
    after = [last.at, last.event_id];
  }
}
