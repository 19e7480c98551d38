import type { Scope } from '../contract/access.ts';
import type { Stats } from '../contract/api/stats.ts';
import type { Sql } from '../db/sql.ts';
import { countMisdated } from './events.ts';
import { readPassageRate } from './passage-counts.ts';
import { scopeCondition } from './scope.ts';

type Totals = Pick<Stats, 'events_total' | 'events_24h' | 'unique_plates_24h' | 'mean_confidence_24h'>;

/** Retracted events never happened. */
const COUNTED = "status <> 'retracted'";

const totals = (where: string) => `SELECT
  (SELECT coalesce(sum(reads), 0)::int FROM reads_per_camera_hour WHERE ${where}) AS events_total,
  count(*)::int AS events_24h, count(DISTINCT text_normalized)::int AS unique_plates_24h,
  avg(confidence)::float8 AS mean_confidence_24h
  FROM plate_events WHERE ${COUNTED} AND ${where}
    AND detected_at > now() - interval '24 hours' AND detected_at <= now() + interval '1 day'`;

const perHour = (
  where: string,
) => `SELECT to_char(hour, 'YYYY-MM-DD"T"HH24:MI:SS".000Z"') AS hour, count(event_id)::int AS events
  FROM generate_series(date_trunc('hour', now() AT TIME ZONE 'UTC') - ($1::int - 1) * interval '1 hour',
    date_trunc('hour', now() AT TIME ZONE 'UTC'), interval '1 hour') AS hour
  LEFT JOIN plate_events ON ${COUNTED} AND ${where}
    AND detected_at >= hour AT TIME ZONE 'UTC' AND detected_at < (hour + interval '1 hour') AT TIME ZONE 'UTC'
  GROUP BY hour ORDER BY hour`;

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
  const [[counted], read_rate_24h, per_hour, per_camera, top_plates, misdated_events] = await Promise.all([
    ask<Totals>(totals),
    readPassageRate(sql, scope),
    ask<Stats['per_hour'][number]>(perHour, hours),
    ask<Stats['per_camera'][number]>(perCamera, hours),
    ask<Stats['top_plates'][number]>(topPlates, hours),
    countMisdated(sql, scope),
  ]);
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
