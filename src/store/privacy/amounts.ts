import type { Amount } from '../../contract/api/privacy.ts';
import type { Sql } from '../../db/sql.ts';
import { DIVIDED_TABLES } from '../upkeep/partitions.ts';

const TABLES = {
  events: 'plate_events',
  revisions: 'event_revisions',
  texts: 'plate_texts',
  holds: 'retention_holds',
  notes: 'plate_notes',
  searches: 'saved_searches',
  audit: 'audit_plate_keys',
} as const;

/** Places in the database. */
export type StoredPlace = keyof typeof TABLES;

/** The rows of a place and its bytes on the disk with all indexes. */
export async function measureStored(sql: Sql, place: StoredPlace): Promise<Amount> {
  const table = TABLES[place];
  const divided: readonly string[] = DIVIDED_TABLES;
  const size = divided.includes(table)
    ? `(SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = '${table}'::regclass)`
    : `pg_total_relation_size('${table}')`;
  const [row] = await sql.query<Amount>(
    `SELECT count(*)::float8 AS count, coalesce(${size}, 0)::float8 AS bytes FROM ${table}`,
  );
  return row ?? { count: 0, bytes: 0 };
}

/** Statistics as they are kept: counts, in which no plate stands. */
export async function measureStatistics(sql: Sql): Promise<Amount> {
  const [row] = await sql.query<{ count: number }>(
    `SELECT (SELECT count(*) FROM reads_per_camera_hour)::float8 + (SELECT count(*) FROM unique_plates_per_day)::float8 AS count`,
  );
  return { count: row?.count ?? 0, bytes: 0 };
}
