import type { Scope } from '../contract/access.ts';
import type { Drift } from '../contract/api/camera-quality.ts';
import { FIRST_REVIEW } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import { knownCameras } from './camera-quality.ts';
import { scopeCondition } from './scope.ts';

/** Reads of the newest day and of the 14 days before, and days with any of these, below which nothing is said. */
const FEW = 100;
const FEW_BEFORE = 200;
const FEW_DAYS = 3;

/**
 * Most reads that are looked at: so many of each eighth of the newest day, and 3 of the same eighth of each of the 14 days. Both
 * samples have the same times of day, and a night is not taken for a change.
 */
const NEWEST = 42;
const EARLIER = 3;

/** Parts of the range of a quantity, each with as many of the earlier reads; regions beyond the commonest are one part. */
const PARTS = 5;

/** Upkeep of several processes measures once an hour together. */
const FRESH = "interval '50 minutes'";

/** A number of an event. It is found in the text, because PostgreSQL cannot take an event apart in which it finds a NUL. */
const numberOf = (name: string) => `substring(left(split_part(said, '"${name}":', 2), 24) FROM '^[0-9.e+-]+')::float8`;

/** What the machine read, also where a person decided since: a decision is certain. */
const READS = `SELECT site_id, camera_id, days_ago, is_certain, days_ago = 0 AS is_new,
    CASE WHEN is_certain THEN ${numberOf('confidence')} ELSE confidence END AS confidence,
    coalesce(region, '') AS region, ${numberOf('sharpness')} AS sharpness, ${numberOf('char_height_px')} AS char_height
  FROM cameras CROSS JOIN generate_series(0, 14) AS days_ago CROSS JOIN generate_series(0, 7) AS eighth
    CROSS JOIN LATERAL (SELECT $1::timestamptz - make_interval(hours => 24 * days_ago + 3 * eighth) AS until) AS part
    CROSS JOIN LATERAL (
      SELECT event_id, detected_at, confidence, region, event, revision >= ${FIRST_REVIEW} AS is_certain FROM plate_events
      WHERE plate_events.camera_id = cameras.camera_id AND plate_events.site_id = cameras.site_id
        AND detected_at > until - interval '3 hours' AND detected_at <= until
        AND (status = 'final' OR revision >= ${FIRST_REVIEW})
      ORDER BY detected_at DESC LIMIT CASE days_ago WHEN 0 THEN ${NEWEST} ELSE ${EARLIER} END
    ) AS seen
    LEFT JOIN LATERAL (
      SELECT event FROM event_revisions AS machine
      WHERE is_certain AND machine.event_id = seen.event_id AND machine.detected_at = seen.detected_at
        AND machine.revision < ${FIRST_REVIEW}
      ORDER BY machine.revision DESC LIMIT 1
    ) AS machine ON true
    CROSS JOIN LATERAL (SELECT coalesce(machine.event, seen.event)::text AS said) AS whole`;

const MEASURE = `WITH RECURSIVE ${knownCameras('true')}, reads AS MATERIALIZED (${READS}), judged AS (
  SELECT site_id, camera_id FROM reads GROUP BY site_id, camera_id
  HAVING count(*) FILTER (WHERE is_new) >= ${FEW} AND count(*) FILTER (WHERE NOT is_new) >= ${FEW_BEFORE}
    AND count(DISTINCT days_ago) FILTER (WHERE NOT is_new) >= ${FEW_DAYS}
), valued AS (
  SELECT site_id, camera_id, is_new, what, value FROM judged JOIN reads USING (site_id, camera_id) CROSS JOIN LATERAL (
    VALUES ('confidence', confidence), ('sharpness', sharpness), ('char_height', char_height)) AS one (what, value)
  WHERE value IS NOT NULL
), usual AS (
  SELECT site_id, camera_id, what, percentile_cont((SELECT array_agg(part::float8 / ${PARTS}) FROM generate_series(1, ${PARTS - 1}) AS part))
    WITHIN GROUP (ORDER BY value) FILTER (WHERE NOT is_new) AS edges
  FROM valued GROUP BY site_id, camera_id, what
), ranked AS (
  SELECT site_id, camera_id, region,
    (row_number() OVER (PARTITION BY site_id, camera_id ORDER BY count(*) FILTER (WHERE NOT is_new) DESC, region))::int AS place
  FROM judged JOIN reads USING (site_id, camera_id) GROUP BY site_id, camera_id, region
), placed AS (
  SELECT site_id, camera_id, what, is_new, value, width_bucket(value, edges) AS bin, edges, NULL AS region
  FROM valued JOIN usual USING (site_id, camera_id, what)
  UNION ALL
  SELECT site_id, camera_id, 'region', is_new, NULL, least(place, ${PARTS}), NULL, CASE WHEN place < ${PARTS} THEN region END
  FROM reads JOIN ranked USING (site_id, camera_id, region)
), binned AS (
  SELECT site_id, camera_id, what, bin, min(region) AS region, edges[bin] AS low, edges[bin + 1] AS high,
    count(*) FILTER (WHERE is_new) AS reads, count(*) FILTER (WHERE NOT is_new) AS earlier,
    sum(value) FILTER (WHERE is_new) AS sum, sum(value) FILTER (WHERE NOT is_new) AS sum_before
  FROM placed GROUP BY site_id, camera_id, what, bin, edges
), counted AS (
  SELECT *, sum(reads) OVER one AS n, sum(earlier) OVER one AS m, count(*) OVER one AS bins
  FROM binned WINDOW one AS (PARTITION BY site_id, camera_id, what)
)
INSERT INTO camera_drift (site_id, camera_id, what, at, reads, reads_before, psi, now, before, bins)
SELECT site_id, camera_id, what, $1, n, m, greatest(0, sum((p - q) * ln(p / q)) - (bins - 1) * (1 / n + 1 / m)),
  sum(sum) / n, sum(sum_before) / m,
  json_agg(json_build_object('low', low, 'high', high, 'region', region, 'now', round(reads / n, 4), 'before', round(earlier / m, 4))
    ORDER BY bin)
FROM counted
  CROSS JOIN LATERAL (SELECT (reads + 0.5) / (n + 0.5 * bins) AS p, (earlier + 0.5) / (m + 0.5 * bins) AS q) AS share
WHERE n >= ${FEW} AND m >= ${FEW_BEFORE}
GROUP BY site_id, camera_id, what, n, m, bins`;

/**
 * Measures how much the reads of each camera's newest day drift from its own 14 days before, by the population stability index: the
 * sum of (p − q) · ln (p / q) over parts of the range (Siddiqi, Credit Risk Scorecards, 2006, who calls 0.25 a large shift).
 * Without any change, samples of n and m reads have (parts − 1)(1/n + 1/m) of it on average (Yurdakul and Naranjo, Statistical
 * properties of the population stability index, 2020); that is taken off, so that few reads raise no alarm.
 */
export function refreshCameraDrift(sql: Sql, now: number): Promise<void> {
  return sql.transaction(async (session) => {
    const [turn] = await session.query<{ mine: boolean }>(
      "SELECT pg_try_advisory_xact_lock(hashtext('camera_drift')) AS mine",
    );
    if (!turn?.mine) return;
    const at = new Date(now);
    const fresh = await session.query(
      `SELECT FROM camera_drift WHERE at > $1::timestamptz - ${FRESH} AND at <= $1 LIMIT 1`,
      [at],
    );
    if (fresh.length > 0) return;
    await session.query('DELETE FROM camera_drift');
    await session.query(MEASURE, [at]);
  });
}

/** How far a quantity of a camera's reads has drifted. */
export type CameraDrift = Drift & Readonly<{ site: string; camera: string }>;

/** What was measured last of each camera. */
export function readCameraDrift(sql: Sql, scope: Scope): Promise<readonly CameraDrift[]> {
  const values: unknown[] = [];
  const where = scopeCondition(scope, (value) => `$${values.push(value)}`);
  return sql.query<CameraDrift>(
    `SELECT site_id AS site, camera_id AS camera, what, psi, reads, reads_before, now, before, bins
     FROM camera_drift WHERE ${where} ORDER BY camera_id, site_id, what`,
    values,
  );
}
