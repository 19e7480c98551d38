import { dayOf, type Question, within } from './question.ts';

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
SELECT ${dayOf('hour', given)} AS day, camera_id AS camera, sum(reads)::bigint AS reads
FROM reads_per_camera_hour
WHERE ${within('hour', given)} AND ${given.place}
GROUP BY 1, 2 ORDER BY 1, 2`;

export const classes: Question = (given) => `
SELECT region, vehicle_type AS vehicle, count(*) AS reads,
  round(count(*) / sum(count(*)) OVER (), 4)::float8 AS share
FROM report_reads
WHERE status <> 'retracted' AND ${within('detected_at', given)} AND ${given.place}
GROUP BY region, vehicle_type ORDER BY reads DESC, region, vehicle_type`;

/** What is asked of the whole event is asked before its rows are sorted, so that events are not sorted with them. */
export const pictures: Question = (given) => `
WITH seen AS MATERIALIZED (
  SELECT ${dayOf('detected_at', given)} AS day, has_pictures FROM report_reads
  WHERE status <> 'retracted' AND ${within('detected_at', given)} AND ${given.place}
)
SELECT day, count(*) AS reads, count(*) FILTER (WHERE has_pictures) AS with_pictures
FROM seen GROUP BY day ORDER BY day`;

/** Of the reads that people looked at, what they decided. */
export const corrections: Question = (given) => `
SELECT camera_id AS camera, count(*) AS reads, count(decision) AS reviewed,
  count(*) FILTER (WHERE decision = 'confirm') AS confirmed, count(*) FILTER (WHERE decision = 'correct') AS corrected,
  count(*) FILTER (WHERE decision = 'reject') AS rejected, count(*) FILTER (WHERE decision = 'merge') AS merged,
  round(count(*) FILTER (WHERE decision = 'correct')::numeric / nullif(count(decision), 0), 4)::float8 AS corrected_share
FROM report_reads
WHERE ${within('detected_at', given)} AND ${given.place}
GROUP BY 1 ORDER BY reviewed DESC, 1`;
