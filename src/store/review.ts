import type { Scope } from '../contract/access.ts';
import type { Queue, QueueOrder } from '../contract/api/review.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import { doubtOf } from './doubt.ts';
import { worthOf } from './novelty.ts';
import { scopeCondition } from './scope.ts';

/** How long reads stay with the person to whom they were offered, and how long a decision may take to be stored. */
const OFFERED = "interval '2 minutes'";
const DECIDED = "interval '30 seconds'";

/** Most waiting reads that are counted. */
const MOST_COUNTED = 1000;

const TAKE_DECISION = `INSERT INTO review_leases (event_id, holder, deciding, until)
  VALUES ($1, $2, true, now() + ${DECIDED})
  ON CONFLICT (event_id) DO UPDATE SET holder = EXCLUDED.holder, deciding = true, until = EXCLUDED.until
    WHERE NOT review_leases.deciding OR review_leases.until <= now()
  RETURNING event_id`;

/** Keeps others from deciding on an event for a while; false where somebody is at it. An offer keeps nobody from deciding. */
export async function takeDecision(sql: Sql, eventId: string, holder: string): Promise<boolean> {
  return (await sql.query(TAKE_DECISION, [eventId, holder])).length > 0;
}

/** Lets others decide again. */
export async function releaseDecision(sql: Sql, eventId: string, holder: string): Promise<void> {
  await sql.query('DELETE FROM review_leases WHERE event_id = $1 AND holder = $2', [eventId, holder]);
}

export type QueueFilter = Readonly<{
  camera?: string | undefined;
  site?: string | undefined;
  region?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  scope: Scope;
}>;

type Wanted = Readonly<{ filter: QueueFilter; order: QueueOrder; holder: string; limit: number }>;

/** Offers the first reads to `holder`: those that are nobody else's, and stay the holder's until `until`. */
export async function takeQueue(sql: Sql, { filter, order, holder, limit }: Wanted): Promise<Queue> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const where = conditionOf(filter, bind);
  const [counted] = await sql.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM (SELECT 1 FROM plate_events WHERE ${where} LIMIT ${MOST_COUNTED}) AS found`,
    values,
  );
  const [mine, most] = [`${bind(holder)}::text`, `${bind(limit)}::int`];
  const free = `${where} AND NOT EXISTS (
    SELECT FROM review_leases AS held WHERE held.event_id = plate_events.event_id AND held.holder <> ${mine})`;
  const rows = await sql.transaction(async (session) => {
    // One after the other: whoever comes second sees what the first one took.
    await session.query("SELECT pg_advisory_xact_lock(hashtext('review_leases'))");
    await session.query('DELETE FROM review_leases WHERE until <= now()');
    return session.query<{ event: PlateEvent; until: Date }>(
      `WITH ${order === 'doubt' ? inDoubt(free) : worthOf(free)}, picked AS MATERIALIZED (
         SELECT event_id, detected_at, worth FROM worth ORDER BY worth DESC, detected_at DESC, event_id DESC LIMIT ${most}),
       taken AS (
         INSERT INTO review_leases (event_id, holder, deciding, until)
           SELECT event_id, ${mine}, false, now() + ${OFFERED} FROM picked
         ON CONFLICT (event_id) DO UPDATE SET until = EXCLUDED.until RETURNING until)
       SELECT event, (SELECT min(until) FROM taken) AS until
       FROM picked JOIN plate_events USING (event_id, detected_at)
       ORDER BY worth DESC, detected_at DESC, event_id DESC`,
      values,
    );
  });
  return {
    reads: rows.map(({ event }) => ({ event, ...(doubtOf(event) ?? { doubt: 0, why: [] }) })),
    until: rows[0]?.until.toISOString() ?? null,
    waiting: counted?.waiting ?? 0,
  };
}

/** Read from the index alone, as far as reads are asked for. */
const inDoubt = (where: string) =>
  `worth AS (SELECT event_id, detected_at, doubt AS worth FROM plate_events WHERE ${where})`;

function conditionOf({ camera, site, region, from, to, scope }: QueueFilter, bind: (value: unknown) => string): string {
  const conditions = ['doubt IS NOT NULL', scopeCondition(scope, bind)];
  if (camera !== undefined) conditions.push(`camera_id = ${bind(camera)}`);
  if (site !== undefined) conditions.push(`site_id = ${bind(site)}`);
  if (region !== undefined) conditions.push(`region = ${bind(region)}`);
  if (from !== undefined) conditions.push(`detected_at >= ${bind(from)}::timestamptz`);
  if (to !== undefined) conditions.push(`detected_at <= ${bind(to)}::timestamptz`);
  return conditions.join(' AND ');
}
