import type { Scope } from '../contract/access.ts';
import type { Stats } from '../contract/api/stats.ts';
import type { Sql } from '../db/sql.ts';
import { countMisdated } from './events.ts';
import { readPassageRate } from './passage-counts.ts';
import { scopeCondition } from './scope.ts';

type Totals = Pick<Stats, 'events_total' | 'events_24h' | 'unique_plates_24h' | 'mean_confidence_24h'>;

/** Retracted events never happened. */
const COUNTED = "status <> 'retracted'";

/** Plates are grouped before they are counted, because PostgreSQL sorts them for DISTINCT and hashes them for a group. */
const totals = (where: string) => `SELECT
  (SELECT coalesce(sum(reads), 0)::int FROM reads_per_camera_hour WHERE ${where}) AS events_total,
  coalesce(sum(events), 0)::int AS events_24h, count(*)::int AS unique_plates_24h,
  (sum(confidences) / sum(events))::float8 AS mean_confidence_24h
  FROM (
    SELECT count(*) AS events, sum(confidence::float8) AS confidences
    FROM plate_events WHERE ${COUNTED} AND ${where}
      AND detected_at > now() - interval '24 hours' AND detected_at <= now() + interval '1 day'
    GROUP BY text_normalized
  ) AS plates`;

const perHour = (
  where: string,
) => `WITH shown AS (SELECT generate_series(date_trunc('hour', now() AT TIME ZONE 'UTC') - ($1::int - 1) * interval '1 hour',
    date_trunc('hour', now() AT TIME ZONE 'UTC'), interval '1 hour') AS hour),
  counted AS (SELECT date_trunc('hour', detected_at AT TIME ZONE 'UTC') AS hour, count(*)::int AS events FROM plate_events
    WHERE ${COUNTED} AND ${where} AND detected_at >= (SELECT min(hour) FROM shown) AT TIME ZONE 'UTC'
      AND detected_at < (SELECT max(hour) + interval '1 hour' FROM shown) AT TIME ZONE 'UTC'
    GROUP BY 1)
  SELECT to_char(hour, 'YYYY-MM-DD"T"HH24:MI:SS".000Z"') AS hour, coalesce(events, 0) AS events
  FROM shown LEFT JOIN counted USING (hour) ORDER BY hour`;

const SINCE = `${COUNTED} AND detected_at > now() - $1::int * interval '1 hour' AND detected_at <= now() + interval '1 day'`;

const perCamera = (where: string) => `SELECT camera_id, count(*)::int AS events FROM plate_events
  WHERE ${SINCE} AND ${where} GROUP BY camera_id ORDER BY events DESC, camera_id LIMIT 100`;

const topPlates = (where: string) => `SELECT text_normalized AS text, count(*)::int AS events FROM plate_events
  WHERE ${SINCE} AND ${where} GROUP BY text_normalized ORDER BY events DESC, text LIMIT 10`;

/** Counts for the page: totals, and of the last `hours` the events per hour (UTC, empty hours too), camera and plate. */
export async function readStats(sql: Sql, hours: number, scope: Scope): Promise<Stats> {
  const ask = <Row extends object>(statement: (where: string) => string, ...given: readonly unknown[]) => {
    const values = [...given];
    return sql.query<Row>(statement(scopeCondition(scope, (value) => `$${values.push(value)}`)), values);
  };
  // One after the other: over the day of a large fleet each takes a core for seconds, and everybody else needs connections too.
  const [counted] = await ask<Totals>(totals);
  const read_rate_24h = await readPassageRate(sql, scope);
  const per_hour = await ask<Stats['per_hour'][number]>(perHour, hours);
  const per_camera = await ask<Stats['per_camera'][number]>(perCamera, hours);
  const top_plates = await ask<Stats['top_plates'][number]>(topPlates, hours);
  const misdated_events = await countMisdated(sql, scope);
  const none: Totals = { events_total: 0, events_24h: 0, unique_plates_24h: 0, mean_confidence_24h: null };
  return {
    ...(counted ?? none),
    read_rate_24h,
    per_hour: [...per_hour],
    per_camera: [...per_camera],
    top_plates: [...top_plates],
    misdated_events,
  };
}
