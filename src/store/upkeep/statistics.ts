import type { Sql, SqlSession } from '../../db/sql.ts';
import type { Period } from './periods.ts';

const HOUR_MS = 3_600_000;

/** Hours and days (UTC) are counted from here. */
const ORIGIN = `'2000-01-01 00:00+00'::timestamptz`;

const COUNTS = `count(*), avg(confidence), sum(frames_read), sum(reads_agreeing)`;

/** The hour of each row, as `changed_hours` holds it. */
export const HOUR_OF = `date_bin('1 hour', detected_at, ${ORIGIN})`;
const DAY_OF = `date_bin('1 day', detected_at, ${ORIGIN})`;

/** Takes each changed hour before those that are new now; what others commit later stays for the next run. */
const TAKE_CHANGED = `WITH taken AS (DELETE FROM changed_hours RETURNING hour)
  SELECT DISTINCT hour::text FROM taken WHERE hour < $1::timestamptz`;

const COUNT_NEW_HOURS = `INSERT INTO counted_hours (hour, site_id, camera_id, reads, mean_confidence, frames_read, reads_agreeing)
  SELECT ${HOUR_OF}, site_id, camera_id, ${COUNTS} FROM plate_events
  WHERE status <> 'retracted' AND detected_at >= $1::timestamptz AND detected_at < $2::timestamptz
  GROUP BY 1, 2, 3`;

/** One look-up by time for each hour, in its own partition: unchanged hours are not read. */
const COUNT_CHANGED_HOURS = `INSERT INTO counted_hours (hour, site_id, camera_id, reads, mean_confidence, frames_read, reads_agreeing)
  SELECT changed.hour, counted.* FROM unnest($1::timestamptz[]) AS changed (hour) CROSS JOIN LATERAL (
    SELECT site_id, camera_id, ${COUNTS} FROM plate_events
    WHERE status <> 'retracted' AND detected_at >= changed.hour AND detected_at < changed.hour + interval '1 hour'
    GROUP BY 1, 2
  ) AS counted`;

/** Groups texts instead of sorting them as count(DISTINCT …) would. */
const COUNT_NEW_DAYS = `INSERT INTO counted_days (day, plates, reads)
  SELECT day, count(*), sum(reads) FROM (
    SELECT ${DAY_OF} AS day, text_normalized, count(*) AS reads FROM plate_events
    WHERE status <> 'retracted' AND detected_at >= date_bin('1 day', $1::timestamptz, ${ORIGIN})
      AND detected_at < date_bin('1 day', $2::timestamptz, ${ORIGIN})
    GROUP BY 1, 2
  ) AS texts GROUP BY day`;

const COUNT_CHANGED_DAYS = `INSERT INTO counted_days (day, plates, reads)
  SELECT changed.day, counted.plates, counted.reads
  FROM unnest($1::timestamptz[]) AS changed (day) CROSS JOIN LATERAL (
    SELECT count(*) AS plates, sum(reads) AS reads FROM (
      SELECT text_normalized, count(*) AS reads FROM plate_events
      WHERE status <> 'retracted' AND detected_at >= changed.day AND detected_at < changed.day + interval '1 day'
      GROUP BY 1
    ) AS texts
  ) AS counted
  WHERE counted.plates > 0`;

/** The days of these hours that were already counted completely. */
const DAYS_OF = `SELECT DISTINCT date_bin('1 day', hour, ${ORIGIN})::text AS day FROM unnest($1::timestamptz[]) AS hour
  WHERE hour < date_bin('1 day', $2::timestamptz, ${ORIGIN})`;

/**
 * Counts the hours and days that are over at `now` (milliseconds) and were not yet, and again those before them that were
 * written to since. The first process of each hour does it, the others wait and find it done; writers and readers never wait.
 */
export function refreshStatistics(sql: Sql, now: number): Promise<void> {
  const to = new Date(now - (now % HOUR_MS));
  return sql.transaction(async (session) => {
    const [state] = await session.query<{ from: string }>(
      'SELECT refreshed_to::text AS from FROM statistics_state WHERE refreshed_to < $1 FOR UPDATE',
      [to],
    );
    if (!state) return;
    const hours = (await session.query<{ hour: string }>(TAKE_CHANGED, [state.from])).map(({ hour }) => hour);
    const days = (await session.query<{ day: string }>(DAYS_OF, [hours, state.from])).map(({ day }) => day);
    await session.query('DELETE FROM counted_hours WHERE hour = ANY ($1::timestamptz[])', [hours]);
    await session.query('DELETE FROM counted_days WHERE day = ANY ($1::timestamptz[])', [days]);
    if (hours.length > 0) await session.query(COUNT_CHANGED_HOURS, [hours]);
    if (days.length > 0) await session.query(COUNT_CHANGED_DAYS, [days]);
    await session.query(COUNT_NEW_HOURS, [state.from, to]);
    await session.query(COUNT_NEW_DAYS, [state.from, to]);
    await session.query('UPDATE statistics_state SET refreshed_to = $1', [to]);
  });
}

/** Waits until nobody counts, and prevents it until the transaction ends. */
export async function holdStatistics(session: SqlSession): Promise<void> {
  await session.query('SELECT FROM statistics_state FOR UPDATE');
}

/** Forgets the counts of a period of whole hours whose events are gone. */
export async function forgetStatistics(session: SqlSession, { from, to }: Period): Promise<void> {
  const bounds = [from, to].map((at) => (Number.isFinite(at) ? new Date(at).toISOString() : '-infinity'));
  await session.query('DELETE FROM counted_hours WHERE hour >= $1 AND hour < $2', bounds);
  await session.query('DELETE FROM counted_days WHERE day >= $1 AND day < $2', bounds);
}
