import type { Scope } from '../contract/access.ts';
import type { PlateHistory } from '../contract/api/plates.ts';
import type { Sql } from '../db/sql.ts';
import { scopeCondition } from './scope.ts';

/** Most days and near texts that a history lists. */
const MOST_DAYS = 1000;
const MOST_NEAR = 20;

type Wanted = Readonly<{
  text: string;
  /** Texts that may be the same plate. */
  near: readonly string[];
  timeZone: string;
  from?: string | undefined;
  to?: string | undefined;
  scope: Scope;
}>;

type CameraRow = Readonly<{ camera_id: string; reads: number; first: Date; last: Date }>;
type NearRow = Readonly<{ text: string; reads: number; last: Date }>;

/** What is stored of one plate: where and when it was read, and texts near to it. */
export async function readPlateHistory(sql: Sql, wanted: Wanted): Promise<Omit<PlateHistory, 'notes'>> {
  const [cameras, days, near] = await Promise.all([
    readCameras(sql, wanted),
    readDays(sql, wanted),
    readNear(sql, wanted),
  ]);
  const times = cameras.flatMap(({ first_seen, last_seen }) => [first_seen, last_seen]).sort();
  return {
    text: wanted.text,
    reads: cameras.reduce((sum, { reads }) => sum + reads, 0),
    first_seen: times[0] ?? null,
    last_seen: times.at(-1) ?? null,
    cameras,
    days,
    near,
  };
}

async function readCameras(sql: Sql, wanted: Wanted): Promise<PlateHistory['cameras']> {
  const { where, values } = readsOf([wanted.text], wanted);
  const rows = await sql.query<CameraRow>(
    `SELECT camera_id, count(*)::int AS reads, min(detected_at) AS first, max(detected_at) AS last FROM plate_events
     WHERE ${where} GROUP BY camera_id ORDER BY reads DESC, camera_id`,
    values,
  );
  return rows.map(({ camera_id, reads, first, last }) => ({
    camera_id,
    reads,
    first_seen: first.toISOString(),
    last_seen: last.toISOString(),
  }));
}

async function readDays(sql: Sql, wanted: Wanted): Promise<PlateHistory['days']> {
  const { where, values, bind } = readsOf([wanted.text], wanted);
  return sql.query(
    `SELECT to_char(detected_at AT TIME ZONE ${bind(wanted.timeZone)}::text, 'YYYY-MM-DD') AS day, count(*)::int AS reads
     FROM plate_events WHERE ${where} GROUP BY day ORDER BY day DESC LIMIT ${MOST_DAYS}`,
    values,
  );
}

async function readNear(sql: Sql, wanted: Wanted): Promise<PlateHistory['near']> {
  const { where, values } = readsOf(wanted.near, wanted);
  const rows = await sql.query<NearRow>(
    `SELECT text_normalized AS text, count(*)::int AS reads, max(detected_at) AS last FROM plate_events
     WHERE ${where} GROUP BY text_normalized ORDER BY reads DESC, text LIMIT ${MOST_NEAR}`,
    values,
  );
  return rows.map(({ text, reads, last }) => ({ text, reads, last_seen: last.toISOString() }));
}

function readsOf(texts: readonly string[], { from, to, scope }: Wanted) {
  const values: unknown[] = [texts];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = ["text_normalized = ANY ($1::text[]) AND status <> 'retracted'", scopeCondition(scope, bind)];
  if (from !== undefined) conditions.push(`detected_at >= ${bind(from)}::timestamptz`);
  if (to !== undefined) conditions.push(`detected_at <= ${bind(to)}::timestamptz`);
  return { where: conditions.join(' AND '), values, bind };
}
