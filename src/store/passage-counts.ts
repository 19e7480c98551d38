import type { Scope } from '../contract/access.ts';
import type { Sql } from '../db/sql.ts';
import { scopeCondition } from './scope.ts';

/** What one process has counted of the passages of its cameras from its start to the moment of its report. */
export type PassageReport = Readonly<{
  siteId: string;
  /** The process, from its start to its end. */
  run: string;
  at: Date;
  counts: readonly Readonly<{ camera: string; outcome: string; reason: string; light: string; total: number }>[];
}>;

/** The first row of an hour begins where the last one of an earlier hour ended. */
const KEEP = `INSERT INTO passage_counts (site_id, camera_id, outcome, reason, light, run, hour, before, total)
  SELECT $1, given.camera, given.outcome, given.reason, given.light, $2, now.hour, known.total, given.total
  FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[]) AS given (camera, outcome, reason, light, total)
  CROSS JOIN (SELECT date_bin('1 hour', $3::timestamptz, '2000-01-01 00:00+00') AS hour) AS now
  CROSS JOIN LATERAL (
    SELECT coalesce(max(total), 0) AS total FROM passage_counts
    WHERE run = $2 AND site_id = $1 AND camera_id = given.camera AND outcome = given.outcome AND reason = given.reason
      AND light = given.light AND hour < now.hour
  ) AS known
  WHERE given.total > known.total
  ON CONFLICT (run, site_id, camera_id, outcome, reason, light, hour) DO UPDATE SET total = EXCLUDED.total
  WHERE passage_counts.total < EXCLUDED.total`;

const rate = (where: string) => `SELECT
  coalesce(sum(passages) FILTER (WHERE outcome = 'read'), 0)::float8 / nullif(sum(passages), 0)::float8 AS rate
  FROM passages_per_camera_hour
  WHERE hour > now() - interval '24 hours' AND hour <= now() AND ${where}`;

/** Keeps what a process reports. The same report, or an older one, changes nothing. */
export async function keepPassages(sql: Sql, { siteId, run, at, counts }: PassageReport): Promise<void> {
  if (counts.length === 0) return;
  await sql.query(KEEP, [
    siteId,
    run,
    at,
    counts.map(({ camera }) => camera),
    counts.map(({ outcome }) => outcome),
    counts.map(({ reason }) => reason),
    counts.map(({ light }) => light),
    counts.map(({ total }) => total),
  ]);
}

/** The share of the passages of the last 24 hours that were read, 0–1; null when there was none. */
export async function readPassageRate(sql: Sql, scope: Scope): Promise<number | null> {
  const values: unknown[] = [];
  const where = scopeCondition(scope, (value) => `$${values.push(value)}`);
  const [found] = await sql.query<{ rate: number | null }>(rate(where), values);
  return found?.rate ?? null;
}

/** Which of these cameras have neither a counted passage nor an event. */
export async function findUnheardCameras(sql: Sql, cameras: readonly string[]): Promise<readonly string[]> {
  const found = await sql.query<{ camera: string }>(
    `SELECT camera FROM unnest($1::text[]) AS camera
     WHERE NOT EXISTS (SELECT FROM passage_counts WHERE camera_id = camera)
       AND NOT EXISTS (SELECT FROM plate_events WHERE camera_id = camera)`,
    [cameras],
  );
  return found.map(({ camera }) => camera);
}

/** Removes counts of hours before `cutoff`. */
export async function removeOldPassages(sql: Sql, cutoff: Date): Promise<void> {
  await sql.query('DELETE FROM passage_counts WHERE hour < $1', [cutoff]);
}
