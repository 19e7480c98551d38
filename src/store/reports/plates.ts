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
 * elsewhere it is from the first to the last read of a plate on one day, where there are two. Sorted by numbers rather than texts, which
 * takes a third of the time.
 */
export const visits: Question = (given) => `
WITH crossed AS MATERIALIZED (
  SELECT site_id, plate, detected_at, CASE WHEN cardinality(directions) = 1 THEN directions[1] ELSE (
    SELECT one.way FROM unnest(directions) WITH ORDINALITY AS one (way, nth)
    WHERE one.way IN ('in', 'out') ORDER BY one.nth DESC LIMIT 1) END AS way
  FROM report_plates
  WHERE directions IS NOT NULL AND ${within('detected_at', given, STAY_DAYS)} AND ${given.place}
), moves AS MATERIALIZED (
  SELECT site_id, detected_at, way, lead(way) OVER later AS next_way, lead(detected_at) OVER later AS next_at
  FROM crossed WHERE way IN ('in', 'out')
  WINDOW later AS (PARTITION BY hashtextextended(plate, 0), plate, site_id ORDER BY detected_at)
), lined AS MATERIALIZED (
  SELECT DISTINCT site_id FROM moves
), stays AS (
  SELECT detected_at AS began, CASE WHEN next_way = 'out' THEN next_at - detected_at END AS stay
  FROM moves WHERE way = 'in' AND ${within('detected_at', given)}
  UNION ALL
  SELECT min(detected_at), nullif(max(detected_at) - min(detected_at), interval '0')
  FROM report_plates
  WHERE ${within('detected_at', given)} AND ${given.place} AND site_id NOT IN (SELECT site_id FROM lined)
  GROUP BY site_id, plate, ${dayOf('detected_at', given)}
)
SELECT ${dayOf('began', given)} AS day, count(*) AS visits, count(stay) AS ended,
  round(extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY stay)) / 60, 1)::float8 AS median_minutes,
  round(extract(epoch FROM max(stay)) / 60, 1)::float8 AS longest_minutes
FROM stays GROUP BY 1 ORDER BY 1`;

/** A plate is new on its first day of the period, unless it was seen in the time before it. */
export const newAndReturning: Question = (given) => `
WITH days AS (
  SELECT DISTINCT plate, ${dayOf('detected_at', given)} AS day FROM report_plates
  WHERE ${within('detected_at', given)} AND ${given.place}
), known AS (
  SELECT DISTINCT plate FROM report_plates
  WHERE detected_at >= (${given.from} - ${KNOWN_DAYS})::timestamp AT TIME ZONE ${given.zone}
    AND detected_at < ${given.from}::timestamp AT TIME ZONE ${given.zone} AND ${given.place}
), seen AS (
  SELECT day, known.plate IS NULL AND day = min(day) OVER (PARTITION BY days.plate) AS is_new
  FROM days LEFT JOIN known USING (plate)
)
SELECT day, count(*) FILTER (WHERE is_new) AS new_plates, count(*) FILTER (WHERE NOT is_new) AS returning_plates
FROM seen GROUP BY day ORDER BY day`;
