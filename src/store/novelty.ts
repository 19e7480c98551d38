import { FIRST_REVIEW } from '../contract/plate-event.ts';

/** Newest decisions that say what is known, and waiting reads in most doubt that are ordered. */
const DECIDED = 1000;
const WAITING = 500;

/** Decisions of a kind after which another one teaches half as much. */
const HALF = 30;

/**
 * What kinds of reads an event is one of: its camera, its region, how its text is numbered, and its least certain character with
 * what that may be instead.
 */
const KINDS = `ARRAY[
    'camera ' || site_id || '/' || camera_id, 'region ' || coalesce(region, ''),
    'format ' || regexp_replace(regexp_replace(text_normalized, '[^0-9]', 'A', 'g'), '[0-9]', '9', 'g'),
    'pair ' || coalesce((SELECT c || coalesce(alt->0->>'c', '') FROM json_to_recordset(event->'plate'->'chars') AS one (c text, p float8, alt json)
      ORDER BY p LIMIT 1), '')]`;

/**
 * The common table expressions that end in `worth`: the reads that fulfil `where` with doubt times novelty. The novelty of a kind
 * falls with the square root of how many of it were decided, as the uncertainty about them does (the count-based bonus of Strehl and
 * Littman 2008); a read has the mean of its kinds. Reads in more doubt count as decided before it, so that one page shows several kinds.
 */
export const worthOf = (where: string) => `waiting AS MATERIALIZED (
    SELECT event_id, detected_at, doubt, ${KINDS} AS kinds FROM plate_events WHERE ${where}
    ORDER BY doubt DESC, detected_at DESC, event_id DESC LIMIT ${WAITING}
  ), decided AS (
    SELECT kind, count(*) AS reads FROM (
      SELECT ${KINDS} AS kinds FROM plate_events WHERE revision >= ${FIRST_REVIEW} ORDER BY detected_at DESC, event_id DESC LIMIT ${DECIDED}
    ) AS newest CROSS JOIN unnest(kinds) AS kind GROUP BY kind
  ), counted AS (
    SELECT event_id, detected_at, doubt, coalesce(reads, 0)
      + row_number() OVER (PARTITION BY kind ORDER BY doubt DESC, detected_at DESC, event_id DESC) - 1 AS known
    FROM waiting CROSS JOIN unnest(kinds) AS kind LEFT JOIN decided USING (kind)
  ), worth AS (
    SELECT event_id, detected_at, doubt, doubt * avg(1 / sqrt(1 + 3 * known / ${HALF}.0)) AS worth
    FROM counted GROUP BY event_id, detected_at, doubt
  )`;
