import type { Scope } from '../contract/access.ts';
import type { Tally } from '../contract/api/camera-quality.ts';
import type { Sql } from '../db/sql.ts';
import { scopeCondition } from './scope.ts';

/** How a camera did before now. */
export type PassageTrend = Readonly<{
  site: string;
  camera: string;
  /** The 24 hours that were a week before the newest. */
  before: Tally;
  /** The newest 15 days (UTC) with a passage, oldest first; the last one is not over. */
  days: readonly (Tally & Readonly<{ at: string }>)[];
}>;

const trends = (where: string) => `WITH daily AS (
  SELECT site_id, camera_id, date_bin('1 day', hour, '2000-01-01 00:00+00') AS day,
    coalesce(sum(passages) FILTER (WHERE outcome = 'read'), 0)::int AS read,
    coalesce(sum(passages) FILTER (WHERE outcome = 'lost'), 0)::int AS lost,
    coalesce(sum(passages) FILTER (WHERE outcome = 'read' AND is_before), 0)::int AS read_before,
    coalesce(sum(passages) FILTER (WHERE outcome = 'lost' AND is_before), 0)::int AS lost_before
  FROM passages_per_camera_hour
    CROSS JOIN LATERAL (SELECT hour > now() - interval '8 days' AND hour <= now() - interval '7 days' AS is_before) AS span
  WHERE hour > now() - interval '15 days' AND hour <= now() AND ${where}
  GROUP BY 1, 2, 3
)
SELECT site_id AS site, camera_id AS camera, json_build_object('read', sum(read_before), 'lost', sum(lost_before)) AS before,
  json_agg(json_build_object('at', to_char(day AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"'), 'read', read, 'lost', lost)
    ORDER BY day) AS days
FROM daily GROUP BY site_id, camera_id ORDER BY site_id, camera_id LIMIT 10000`;

/** The trend of each camera of which passages were counted in the newest 15 days. */
export function readPassageTrends(sql: Sql, scope: Scope): Promise<readonly PassageTrend[]> {
  const values: unknown[] = [];
  return sql.query<PassageTrend>(trends(scopeCondition(scope, (value) => `$${values.push(value)}`)), values);
}
