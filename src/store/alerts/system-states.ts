import type { Sql } from '../../db/sql.ts';

type Session = Pick<Sql, 'query'>;

/** Passages of a day below which a share says nothing. */
const FEW = 20;
/** Days with that many, below which there is no usual share. */
const FEW_DAYS = 3;

/** Cameras of which passages were counted in the last day. */
export async function listBusyCameras(sql: Session): Promise<readonly string[]> {
  const rows = await sql.query<{ camera: string }>(
    "SELECT DISTINCT camera_id AS camera FROM passage_counts WHERE hour > now() - interval '1 day' LIMIT 10000",
  );
  return rows.map(({ camera }) => camera);
}

/** The share of a camera's passages that were read in the last day, and the median of that of the days before. */
export type ReadShare = Readonly<{ camera: string; share: number; usual: number }>;

/** For each camera with enough passages to tell, over so many days before the last. */
export function readShares(sql: Session, days: number): Promise<readonly ReadShare[]> {
  return sql.query<ReadShare>(
    `WITH daily AS (
       SELECT camera_id, floor(extract(epoch FROM now() - hour) / 86400)::int AS days_ago,
         coalesce(sum(passages) FILTER (WHERE outcome = 'read'), 0)::float8 / sum(passages)::float8 AS share
       FROM passages_per_camera_hour WHERE hour <= now() AND hour > now() - ($1::int + 1) * interval '1 day'
       GROUP BY 1, 2 HAVING sum(passages) >= ${FEW}
     )
     SELECT camera_id AS camera, max(share) FILTER (WHERE days_ago = 0) AS share,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY share) FILTER (WHERE days_ago > 0) AS usual
     FROM daily GROUP BY camera_id
     HAVING count(*) FILTER (WHERE days_ago = 0) > 0 AND count(*) FILTER (WHERE days_ago > 0) >= ${FEW_DAYS}`,
    [days],
  );
}

/** A channel for which messages wait: since when, and when it last took one; milliseconds since the epoch. */
export type Backlog = Readonly<{ channel: string; waitingSince: number; lastSent: number | null }>;

/** Every channel for which something waits. */
export function readBacklogs(sql: Session): Promise<readonly Backlog[]> {
  return sql.query<Backlog>(
    `SELECT channel_id AS channel, extract(epoch FROM min(created_at))::float8 * 1000 AS "waitingSince",
       (SELECT extract(epoch FROM max(ended_at))::float8 * 1000 FROM alert_deliveries AS sent
        WHERE sent.channel_id = waiting.channel_id AND state = 'sent' AND ended_at > now() - interval '400 days') AS "lastSent"
     FROM alert_deliveries AS waiting WHERE state = 'waiting' GROUP BY channel_id`,
  );
}
