import { dayOf, type Question, within } from './question.ts';

/** The id of a camera; with its site if cameras of two sites in the answer have the same id. */
const CAMERA = `CASE WHEN min(site_id) OVER alike = max(site_id) OVER alike THEN camera_id ELSE site_id || '/' || camera_id END`;
const ALIKE = 'WINDOW alike AS (PARTITION BY camera_id)';

/** Every hour of the period until now, hours without a read too. */
export const readsByHour: Question = (given) => `
SELECT hour, coalesce(reads, 0)::bigint AS reads
FROM generate_series(
  date_bin('1 hour', ${given.from}::timestamp AT TIME ZONE ${given.zone} + interval '59 minutes', '2000-01-01 00:00+00'),
  least((${given.to} + 1)::timestamp AT TIME ZONE ${given.zone} - interval '1 second', now()),
  interval '1 hour') AS hour
LEFT JOIN (
  SELECT hour, sum(reads) AS reads FROM reads_per_camera_hour
  WHERE ${within('hour', given)} AND ${given.place} GROUP BY hour
) AS counted USING (hour)
ORDER BY hour`;

export const readsByDay: Question = (given) => `
SELECT ${dayOf('hour', given)} AS day, ${CAMERA} AS camera, sum(reads)::bigint AS reads
FROM reads_per_camera_hour
WHERE ${within('hour', given)} AND ${given.place}
GROUP BY 1, site_id, camera_id ${ALIKE} ORDER BY 1, 2`;

export const classes: Question = (given) => `
SELECT region, vehicle_type AS vehicle, count(*) AS reads,
  round(count(*) / sum(count(*)) OVER (), 4)::float8 AS share
FROM report_reads
WHERE status <> 'retracted' AND ${within('detected_at', given)} AND ${given.place}
GROUP BY region, vehicle_type ORDER BY reads DESC, region, vehicle_type`;

export const pictures: Question = (given) => `
SELECT ${dayOf('detected_at', given)} AS day, count(*) AS reads, count(*) FILTER (WHERE has_pictures) AS with_pictures
FROM report_reads
WHERE status <> 'retracted' AND ${within('detected_at', given)} AND ${given.place}
GROUP BY 1 ORDER BY 1`;

/** Of the reads that people looked at, what they decided. Only these events are taken apart. */
export const corrections: Question = (given) => `
WITH seen AS (
  SELECT site_id, camera_id, count(*) AS reads FROM report_reads
  WHERE ${within('detected_at', given)} AND ${given.place} GROUP BY site_id, camera_id
), decided AS (
  SELECT site_id, camera_id, count(decision) AS reviewed,
    count(*) FILTER (WHERE decision = 'confirm') AS confirmed, count(*) FILTER (WHERE decision = 'correct') AS corrected,
    count(*) FILTER (WHERE decision = 'reject') AS rejected, count(*) FILTER (WHERE decision = 'merge') AS merged
  FROM (
    SELECT site_id, camera_id, decision FROM report_reads
    WHERE was_decided AND ${within('detected_at', given)} AND ${given.place} OFFSET 0
  ) AS one GROUP BY site_id, camera_id
)
SELECT ${CAMERA} AS camera, reads, coalesce(reviewed, 0) AS reviewed, coalesce(confirmed, 0) AS confirmed,
  coalesce(corrected, 0) AS corrected, coalesce(rejected, 0) AS rejected, coalesce(merged, 0) AS merged,
  round(corrected::numeric / nullif(reviewed, 0), 4)::float8 AS corrected_share
FROM seen LEFT JOIN decided USING (site_id, camera_id) ${ALIKE} ORDER BY reviewed DESC, camera`;
