import type { Scope } from '../contract/access.ts';
import { FIRST_REVIEW } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import { scopeCondition } from './scope.ts';

/** Plates seen below which a share of them says nothing: in six hours, and on one day. */
const FEW = 10;
const FEW_A_DAY = 20;
/** Days with that many, below which there is no usual share. */
const FEW_DAYS = 3;
/** Newest reads of each camera that are looked at, and of all cameras together: taking an event apart costs. */
const SAMPLE = 100;
const SAMPLES = 20_000;
/** Cameras that are told of. */
const MOST = 10_000;

/** What became of a vehicle that went by: its plate was read, was seen and lost, or was not seen. */
export type VehicleOutcome = 'read' | 'lost' | 'no_plate';

/** Vehicles of one camera by what became of them; `reason` is that of a lost one, `light` day or night, each empty where not known. */
export type Vehicles = Readonly<{ outcome: VehicleOutcome; reason: string; light: string; vehicles: number }>;

/** The same in one hour, which begins at `hour` (ISO 8601, UTC). */
export type VehicleHour = Readonly<{ site: string; camera: string; hour: string }> & Vehicles;

/** How well a camera is read now. A share is null where too little went by. */
export type CameraQuality = Readonly<{
  site: string;
  camera: string;
  /** Share of the plates seen in the newest six hours that were read. */
  readRatio: number | null;
  /** Of the newest 24 hours. */
  vehicles: readonly Vehicles[];
  /** Of the newest final reads, a hundred and 24 hours at most. */
  meanConfidence: number | null;
  /** Of the same reads: the share in doubt, which waits for a person or was decided by one. */
  doubtfulRatio: number | null;
  /** Of the same reads: the median height of characters. */
  charHeightPx: number | null;
  /** Of the same reads: how far the clock of the edge is ahead of the database's. */
  clockOffsetS: number | null;
  /** ISO 8601, UTC. */
  newestEventAt: string | null;
}>;

/** How well a camera is usually read: what changes within days. */
export type UsualQuality = Readonly<{
  site: string;
  camera: string;
  /** Median of the daily share of plates that were read, over the 14 days before the newest. */
  readRatio: number | null;
  /** Share of the plates read in the newest 14 days that people corrected or retracted. */
  correctedRatio: number | null;
}>;

export type HoursWanted = Readonly<{
  place?: Readonly<{ site: string; camera: string }>;
  from: Date;
  to: Date;
  scope: Scope;
}>;

/** What became of the vehicles of each camera, hour by hour from `from` to before `to`. */
export async function readVehicleHours(sql: Sql, { place, from, to, scope }: HoursWanted): Promise<VehicleHour[]> {
  const values: unknown[] = [from, to];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const where = [scopeCondition(scope, bind)];
  if (place) where.push(`camera_id = ${bind(place.camera)}`, `site_id = ${bind(place.site)}`);
  const rows = await sql.query<Omit<VehicleHour, 'hour'> & Readonly<{ hour: Date }>>(
    `SELECT site_id AS site, camera_id AS camera, hour, outcome, reason, light, vehicles::int AS vehicles
     FROM vehicles_per_camera_hour WHERE hour >= $1 AND hour < $2 AND ${where.join(' AND ')}
     ORDER BY site, camera, hour, outcome, reason, light`,
    values,
  );
  return rows.map((row) => ({ ...row, hour: row.hour.toISOString() }));
}

/** Cameras of which a passage was counted within 14 days, each found by one look into the index. */
export const knownCameras = (where: string) => `known AS (
  (SELECT camera_id, site_id FROM passage_counts ORDER BY camera_id, site_id LIMIT 1)
  UNION ALL
  SELECT following.camera_id, following.site_id FROM known CROSS JOIN LATERAL (
    SELECT camera_id, site_id FROM passage_counts
    WHERE (camera_id, site_id) > (known.camera_id, known.site_id) ORDER BY camera_id, site_id LIMIT 1
  ) AS following
), cameras AS MATERIALIZED (
  SELECT site_id, camera_id FROM known
  WHERE ${where} AND EXISTS (
    SELECT FROM passage_counts AS counted WHERE counted.camera_id = known.camera_id AND counted.site_id = known.site_id
      AND hour > now() - interval '14 days' AND hour <= now())
  LIMIT ${MOST}
)`;

const quality = (where: string) => `WITH RECURSIVE ${knownCameras(where)}, passed AS (
  SELECT site_id, camera_id, outcome, reason, light, sum(vehicles)::int AS vehicles,
    coalesce(sum(vehicles) FILTER (WHERE hour > now() - interval '6 hours'), 0)::float8 AS newest
  FROM vehicles_per_camera_hour
  WHERE hour > now() - interval '24 hours' AND hour <= now() AND ${where}
  GROUP BY site_id, camera_id, outcome, reason, light
), passages AS (
  SELECT site_id, camera_id,
    CASE WHEN sum(newest) FILTER (WHERE outcome <> 'no_plate') >= ${FEW} THEN coalesce(sum(newest) FILTER (WHERE outcome = 'read'), 0)
      / sum(newest) FILTER (WHERE outcome <> 'no_plate') END AS ratio,
    json_agg(json_build_object('outcome', outcome, 'reason', reason, 'light', light, 'vehicles', vehicles)
      ORDER BY outcome, reason, light) AS vehicles
  FROM passed GROUP BY site_id, camera_id
)
SELECT site_id AS site, camera_id AS camera, ratio AS "readRatio", coalesce(vehicles, '[]') AS vehicles,
  confidence AS "meanConfidence", doubtful AS "doubtfulRatio", height AS "charHeightPx", clock AS "clockOffsetS",
  newest AS "newestEventAt"
FROM cameras LEFT JOIN passages USING (site_id, camera_id) CROSS JOIN LATERAL (
  SELECT avg(confidence)::float8 AS confidence,
    count(*) FILTER (WHERE doubt IS NOT NULL OR revision >= ${FIRST_REVIEW})::float8 / nullif(count(*), 0) AS doubtful,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY (plate->>'char_height_px')::float8) AS height,
    max(extract(epoch FROM ("time"->>'published')::timestamptz - stored_at))::float8 AS clock
  FROM (
    SELECT confidence, doubt, revision, stored_at, event FROM plate_events
    WHERE plate_events.camera_id = cameras.camera_id AND plate_events.site_id = cameras.site_id
      AND status <> 'retracted' AND status <> 'provisional'
      AND detected_at > now() - interval '24 hours' AND detected_at <= now() + interval '1 day'
    ORDER BY detected_at DESC LIMIT greatest(1, least(${SAMPLE}, ${SAMPLES} / (SELECT count(*) FROM cameras)))
  ) AS sample CROSS JOIN json_to_record(event) AS parts (plate json, "time" json)
) AS sampled LEFT JOIN LATERAL (
  SELECT detected_at AS newest FROM plate_events
  WHERE plate_events.camera_id = cameras.camera_id AND plate_events.site_id = cameras.site_id
    AND detected_at <= now() + interval '1 day'
  ORDER BY detected_at DESC LIMIT 1
) AS last ON true
ORDER BY site, camera`;

/** How well each camera is read now, of those that saw something within 14 days. */
export async function readCameraQuality(sql: Sql, scope: Scope): Promise<readonly CameraQuality[]> {
  const values: unknown[] = [];
  const where = scopeCondition(scope, (value) => `$${values.push(value)}`);
  const rows = await sql.query<Omit<CameraQuality, 'newestEventAt'> & Readonly<{ newestEventAt: Date | null }>>(
    quality(where),
    values,
  );
  return rows.map((row) => ({ ...row, newestEventAt: row.newestEventAt?.toISOString() ?? null }));
}

const usual = (where: string) => `WITH daily AS (
  SELECT site_id, camera_id, floor(extract(epoch FROM now() - hour) / 86400)::int AS days_ago,
    coalesce(sum(passages) FILTER (WHERE outcome = 'read'), 0)::float8 AS reads, sum(passages)::float8 AS plates
  FROM passages_per_camera_hour
  WHERE hour > now() - interval '15 days' AND hour <= now() AND ${where}
  GROUP BY site_id, camera_id, days_ago
), usual AS (
  SELECT site_id, camera_id, sum(reads) FILTER (WHERE days_ago < 14) AS reads,
    count(*) FILTER (WHERE days_ago > 0 AND plates >= ${FEW_A_DAY}) >= ${FEW_DAYS} AS is_known,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY reads / plates) FILTER (WHERE days_ago > 0 AND plates >= ${FEW_A_DAY}) AS ratio
  FROM daily GROUP BY site_id, camera_id
), changed AS (
  SELECT site_id, camera_id, count(*)::float8 AS changed FROM plate_events
  WHERE revision >= ${FIRST_REVIEW} AND status IN ('corrected', 'retracted')
    AND detected_at > now() - interval '14 days' AND detected_at <= now() + interval '1 day' AND ${where}
  GROUP BY site_id, camera_id
)
SELECT site_id AS site, camera_id AS camera, CASE WHEN is_known THEN ratio END AS "readRatio",
  coalesce(changed, 0) / nullif(greatest(reads, changed), 0) AS "correctedRatio"
FROM usual LEFT JOIN changed USING (site_id, camera_id)
ORDER BY site, camera LIMIT ${MOST}`;

/** How well each camera is usually read: over 14 days, so that asking once an hour is enough. */
export function readUsualQuality(sql: Sql, scope: Scope): Promise<readonly UsualQuality[]> {
  const values: unknown[] = [];
  const where = scopeCondition(scope, (value) => `$${values.push(value)}`);
  return sql.query<UsualQuality>(usual(where), values);
}
