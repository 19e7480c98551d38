import { dayOf, type Question, within } from './question.ts';

/** So long before the period a plate may have been seen to be no new one, and so long after it a visit may end; days. */
const KNOWN_DAYS = 90;
const STAY_DAYS = 7;

/** Counted first and described afterwards, so that only few plates are sorted. Pseudonyms begin with `~`. */
export const topPlates: Question = (given) => `
WITH most AS MATERIALIZED (
  SELECT plate, count(*) AS reads FROM report_plates
  WHERE ${within('detected_at', given)} AND ${given.place} AND plate NOT LIKE '~%'
  GROUP BY plate ORDER BY reads DESC, plate LIMIT 50
)
SELECT plate, most.reads, count(DISTINCT ${dayOf('detected_at', given)}) AS days, count(DISTINCT (site_id, camera_id)) AS cameras,
  min(detected_at) AS first_seen, max(detected_at) AS last_seen
FROM most JOIN report_plates USING (plate)
WHERE ${within('detected_at', given)} AND ${given.place}
GROUP BY plate, most.reads ORDER BY most.reads DESC, plate`;

/**
 * On sites with lines a visit begins with a passage `in`, and ends with the next crossing of the same plate where that is `out`;
 * elsewhere it is from the first to the last read of a plate on one day, where there are two. Each crossing is paired
 * with one time: that of the next `out`, or an infinite one. Lengths are collected per day, so that days need not be sorted.
 */
export const visits: Question = (given) => `
WITH moves AS MATERIALIZED (
  SELECT site_id, moved, detected_at AS began,
    lead(CASE moved WHEN 'out' THEN detected_at ELSE '-infinity' END)
      OVER (PARTITION BY plate, site_id ORDER BY detected_at) AS ended
  FROM report_plates
  WHERE moved <> '' AND ${within('detected_at', given, { after: STAY_DAYS })} AND ${given.place}
), stays AS (
  SELECT ${dayOf('began', given)} AS day, CASE WHEN isfinite(ended) THEN ended - began END AS stay
  FROM moves WHERE moved = 'in' AND ${within('began', given)}
  UNION ALL
  SELECT day, nullif(max(detected_at) - min(detected_at), interval '0')
  FROM (
    SELECT site_id, plate, detected_at, ${dayOf('detected_at', given)} AS day FROM report_plates
    WHERE ${within('detected_at', given)} AND ${given.place} AND site_id NOT IN (SELECT site_id FROM moves)
  ) AS seen GROUP BY site_id, plate, day
), days AS (
  SELECT day, count(*) AS visits, count(stay) AS ended, max(stay) AS longest,
    array_agg(stay) FILTER (WHERE stay IS NOT NULL) AS lengths
  FROM stays GROUP BY day
)
SELECT day, visits, ended,
  (SELECT round(extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY length)) / 60, 1)::float8
    FROM unnest(lengths) AS length) AS median_minutes,
  round(extract(epoch FROM longest) / 60, 1)::float8 AS longest_minutes
FROM days ORDER BY day`;

/**
 * A plate is new on its first day in the period, unless it was seen before the period. All days before the period count as the day
 * before it.
 */
export const newAndReturning: Question = (given) => `
SELECT day, count(*) FILTER (WHERE before IS NULL) AS new_plates, count(*) FILTER (WHERE before IS NOT NULL) AS returning_plates
FROM (
  SELECT day, lag(day) OVER (PARTITION BY plate ORDER BY day) AS before
  FROM (
    SELECT plate, ${dayOf('detected_at', given)} AS day FROM report_plates
    WHERE ${within('detected_at', given, { before: KNOWN_DAYS })} AND ${given.place}
  ) AS seen
) AS steps
WHERE day >= ${given.from} AND before IS DISTINCT FROM day
GROUP BY day ORDER BY day`;
