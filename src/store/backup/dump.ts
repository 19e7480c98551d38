import type { SqlSession } from '../../db/sql.ts';
import { DIVIDED_TABLES } from '../upkeep/partitions.ts';
import type { TableShape } from './tables.ts';

/** Part of the events in time, as PostgreSQL writes its bounds. */
export type SavedPartition = Readonly<{ table: string; name: string; bounds: string }>;
export type SavedSequence = Readonly<{ name: string; value: string }>;

/** Makes the transaction see the database of one moment; before its first other statement. */
export async function beginSnapshot(session: SqlSession): Promise<void> {
  await session.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  await session.query("SET LOCAL TimeZone = 'UTC'");
  // Upkeep that drops a partition after the moment and before its rows are read would take them from the backup.
  await session.query(`LOCK TABLE ${DIVIDED_TABLES.join(', ')} IN ACCESS SHARE MODE`);
}

/** The rows of a table, in COPY's text format. */
export function dumpTable(session: SqlSession, { name, columns }: TableShape): AsyncIterable<Uint8Array> {
  return session.copyTo(`COPY (SELECT ${columns.join(', ')} FROM ${name}) TO STDOUT`);
}

/** The partitions that have bounds; the default ones are made by the migrations. */
export function listSavedPartitions(session: SqlSession): Promise<readonly SavedPartition[]> {
  return session.query(
    `SELECT inhparent::regclass::text AS table, inhrelid::regclass::text AS name,
       pg_get_expr(relpartbound, pg_class.oid) AS bounds
     FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
     WHERE relispartition AND relkind IN ('r', 'p') AND pg_get_expr(relpartbound, pg_class.oid) <> 'DEFAULT'
     ORDER BY 1, 2`,
  );
}

/** Where each sequence stands that was ever used. */
export function listSequences(session: SqlSession): Promise<readonly SavedSequence[]> {
  return session.query(
    `SELECT quote_ident(sequencename) AS name, last_value::text AS value FROM pg_sequences
     WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY 1`,
  );
}
