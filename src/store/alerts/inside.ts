import type { SqlSession } from '../../db/sql.ts';
import { timeOf } from './history.ts';

type Query = Pick<SqlSession, 'query'>;

/** Where, in whose words for in and out, and from when to when crossings count; times are milliseconds. */
export type SiteSpan = Readonly<{ site: string; in: string; out: string; since: number; from: number; until: number }>;

/** A vehicle that crossed a line of the site: when, and whether it was in then. */
export type Crossing = Readonly<{ id: string; at: number; text: string; isIn: boolean }>;

type CrossingRow = Readonly<{
  nth: number;
  event_id: string;
  detected_at: Date;
  text_normalized: string;
  last: string;
}>;

const COLUMNS = 'event_id, detected_at, site_id, text_normalized, directions';

/** Crossings of a site by plates that were read, the newest revision of each event. */
const CROSSED = (where: string) => `(
  SELECT ${COLUMNS} FROM plate_events AS stored
  WHERE directions IS NOT NULL AND status <> 'retracted' AND text_normalized <> '' AND ${where} AND NOT EXISTS (
    SELECT FROM alert_passages AS newer WHERE newer.event_id = stored.event_id AND newer.revision >= stored.revision)
  UNION ALL
  SELECT ${COLUMNS} FROM alert_passages AS noted
  WHERE directions IS NOT NULL AND status <> 'retracted' AND text_normalized <> '' AND ${where} AND NOT EXISTS (
    SELECT FROM plate_events AS newer
    WHERE newer.event_id = noted.event_id AND newer.detected_at = noted.detected_at AND newer.revision > noted.revision)
)`;

const WANTED = `SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[])
  WITH ORDINALITY AS one (site, way_in, way_out, since, from_at, until, nth)`;

/** The last direction of a passage that is one of the two. */
const LAST = `(SELECT one.way FROM unnest(directions) WITH ORDINALITY AS one (way, nth)
  WHERE one.way IN (wanted.way_in, wanted.way_out) ORDER BY one.nth DESC LIMIT 1)`;

/**
 * For each span: of each vehicle the last crossing before `from` if it was in then, and every crossing from `from` until `until`,
 * both included, in the order of time.
 */
export async function findCrossings(sql: Query, spans: readonly SiteSpan[]): Promise<readonly (readonly Crossing[])[]> {
  if (spans.length === 0) return [];
  const rows = await sql.query<CrossingRow>(
    `WITH wanted AS (${WANTED})
     SELECT nth::int, found.* FROM wanted CROSS JOIN LATERAL (
       SELECT event_id, detected_at, text_normalized, last FROM (
         SELECT DISTINCT ON (text_normalized) event_id, detected_at, text_normalized, ${LAST} AS last
         FROM ${CROSSED('site_id = wanted.site AND detected_at > wanted.since AND detected_at < wanted.from_at')} AS before
         WHERE ${LAST} IS NOT NULL
         ORDER BY text_normalized, detected_at DESC, event_id DESC
       ) AS latest WHERE last = wanted.way_in
       UNION ALL
       SELECT event_id, detected_at, text_normalized, ${LAST}
       FROM ${CROSSED('site_id = wanted.site AND detected_at BETWEEN wanted.from_at AND wanted.until')} AS since
       WHERE ${LAST} IS NOT NULL
     ) AS found ORDER BY nth, detected_at, event_id`,
    [
      spans.map(({ site }) => site),
      spans.map((span) => span.in),
      spans.map(({ out }) => out),
      ...(['since', 'from', 'until'] as const).map((key) => spans.map((span) => timeOf(span[key]))),
    ],
  );
  const byNumber = Map.groupBy(rows, ({ nth }) => nth);
  return spans.map((span, index) =>
    (byNumber.get(index + 1) ?? []).map(({ event_id, detected_at, text_normalized, last }) => ({
      id: event_id,
      at: detected_at.getTime(),
      text: text_normalized,
      isIn: last === span.in,
    })),
  );
}

/** A visit that lasts too long; times and the span are milliseconds. */
export type Overstay = Readonly<{
  rules: readonly string[];
  in: string;
  out: string;
  span: number;
  /** When the vehicles came in, both ends included. */
  since: number;
  until: number;
}>;

export type Unended = Readonly<{ id: string; at: number }>;

/** Most visits that one look finds. */
const MOST = 1000;

const FIND_UNENDED = `WITH wanted AS (
  SELECT $1::text AS way_in, $2::text AS way_out, $3::timestamptz AS since, $4::timestamptz AS until,
    $5::float8 * interval '1 millisecond' AS span
), crossed AS MATERIALIZED (
  SELECT passage.event_id, passage.detected_at, passage.site_id, passage.text_normalized, ${LAST} AS last
  FROM wanted CROSS JOIN LATERAL
    ${CROSSED('detected_at >= wanted.since AND detected_at <= wanted.until + wanted.span')} AS passage
)
SELECT came.event_id AS id, came.detected_at AS at FROM wanted, crossed AS came
WHERE came.last = wanted.way_in AND came.detected_at <= wanted.until AND NOT EXISTS (
    SELECT FROM crossed AS later
    WHERE later.text_normalized = came.text_normalized AND later.site_id = came.site_id AND later.last IS NOT NULL
      AND (later.detected_at, later.event_id) > (came.detected_at, came.event_id)
      AND later.detected_at <= came.detected_at + wanted.span
  ) AND NOT EXISTS (
    SELECT FROM alerts
    WHERE alerts.event_id = came.event_id AND alerts.rule_id = ANY ($6::text[]) AND alerts.status <> 'withdrawn'
  )
ORDER BY came.detected_at LIMIT ${MOST}`;

/** Passages into a site that no other crossing followed within the span, and of which no such rule has an alert; the oldest first. */
export async function findUnended(sql: Query, wanted: Overstay): Promise<readonly Unended[]> {
  const rows = await sql.query<{ id: string; at: Date }>(FIND_UNENDED, [
    wanted.in,
    wanted.out,
    timeOf(wanted.since),
    timeOf(wanted.until),
    wanted.span,
    wanted.rules,
  ]);
  return rows.map(({ id, at }) => ({ id, at: at.getTime() }));
}
