import { dayOf, type Question, weeksOf, within } from './question.ts';

/** So long before the period a plate may have been seen to be no new one, and so long after it a visit may end; days. */
const KNOWN_DAYS = 90;
const STAY_DAYS = 7;

/** Counted first and described afterwards, so that only few plates are sorted. Pseudonyms begin with `~`. */
export const topPlates: Question = (given) => `
WITH most AS MATERIALIZED (
  SELECT plate, count(*) AS reads FROM report_plates
  WHERE ${within('detected_at', given)} AND ${given.place}
  GROUP BY plate HAVING plate NOT LIKE '~%' ORDER BY reads DESC, plate LIMIT 50
)
SELECT plate, most.reads, count(DISTINCT ${dayOf('detected_at', given)}) AS days, count(DISTINCT (site_id, camera_id)) AS cameras,
  min(detected_at) AS first_seen, max(detected_at) AS last_seen
FROM most JOIN report_plates USING (plate)
WHERE ${within('detected_at', given)} AND ${given.place}
GROUP BY plate, most.reads ORDER BY most.reads DESC, plate`;

/** A number for each plate of a site: sorting these takes half as long as sorting the texts, and of a million no two are alike. */
const PLATE_OF_SITE = 'hashtextextended(plate, hashtext(site_id))';

/**
 * On sites with lines a visit begins with a passage `in`, and ends with the next crossing of the same plate where that is `out`;
 * elsewhere it is from the first to the last read of a plate on one day, where there are two. Each crossing is paired
 * with one time: that of the next `out`, or an infinite one. Lengths are collected per day, so that days need not be sorted.
 */
export const visits: Question = (given) => `
WITH crossed AS MATERIALIZED (
  SELECT site_id, ${dayOf('began', given)} AS day, count(began) AS visits,
    array_agg(ended - began) FILTER (WHERE isfinite(ended) AND began IS NOT NULL) AS lengths
  FROM (
    SELECT site_id, CASE moved WHEN 'in' THEN detected_at END AS began,
      lead(CASE moved WHEN 'out' THEN detected_at ELSE '-infinity' END) OVER (PARTITION BY ${PLATE_OF_SITE} ORDER BY detected_at) AS ended
    FROM report_plates
    WHERE moved <> '' AND ${within('detected_at', given, { after: STAY_DAYS })} AND ${given.place}
  ) AS moves
  GROUP BY 1, 2
), seen AS (
  SELECT day, count(*) AS visits, array_agg(stay) FILTER (WHERE stay > interval '0') AS lengths
  FROM (
    SELECT ${dayOf('detected_at', given)} AS day, max(detected_at) - min(detected_at) AS stay FROM report_plates
    WHERE moved = '' AND ${within('detected_at', given)} AND ${given.place} AND site_id NOT IN (SELECT site_id FROM crossed)
    GROUP BY 1, ${PLATE_OF_SITE}
  ) AS one GROUP BY day
), parts AS MATERIALIZED (
  SELECT day, visits, lengths FROM crossed WHERE visits > 0 AND day <= ${given.to} UNION ALL SELECT day, visits, lengths FROM seen
), stays AS (
  SELECT day, array_agg(length) AS lengths FROM parts CROSS JOIN unnest(parts.lengths) AS length GROUP BY day
)
SELECT day, visits, coalesce(cardinality(lengths), 0) AS ended, median_minutes, longest_minutes
FROM (SELECT day, sum(visits)::bigint AS visits FROM parts GROUP BY day) AS days LEFT JOIN stays USING (day)
CROSS JOIN LATERAL (
  SELECT round(extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY length)) / 60, 1)::float8 AS median_minutes,
    round(extract(epoch FROM max(length)) / 60, 1)::float8 AS longest_minutes
  FROM unnest(lengths) AS length
) AS measured
ORDER BY day`;

/**
 * A plate is new on its first day in the period, unless it was seen before the period, and returning on all other days. Plates are told
 * apart week by week: to tell all pairs of plate and day apart at once takes twice as long.
 */
export const newAndReturning: Question = (given) => `
WITH fresh AS (
  SELECT ${dayOf('first', given)} AS day, count(*) AS plates
  FROM (
    SELECT min(detected_at) AS first FROM report_plates
    WHERE ${within('detected_at', given, { before: KNOWN_DAYS })} AND ${given.place} GROUP BY plate
  ) AS seen
  WHERE ${within('first', given)} GROUP BY 1
)
SELECT day, coalesce(fresh.plates, 0) AS new_plates, seen.plates - coalesce(fresh.plates, 0) AS returning_plates
FROM ${weeksOf(given)} CROSS JOIN LATERAL (
  SELECT day, count(*) AS plates
  FROM (
    SELECT ${dayOf('detected_at', given)} AS day FROM report_plates
    WHERE detected_at >= begins AND detected_at < ends AND ${given.place} GROUP BY 1, plate
  ) AS one GROUP BY day
) AS seen LEFT JOIN fresh USING (day)
ORDER BY day`;
