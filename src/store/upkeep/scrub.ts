import type { Division } from '../../db/migrations.ts';
import type { Sql } from '../../db/sql.ts';
import { DIVIDED_TABLES, listPartitions } from './partitions.ts';

const OTHERS = [
  'plate_texts',
  'plate_notes',
  'saved_searches',
  'retention_holds',
  'dead_letters',
  'alerts',
  'alert_deliveries',
  'alert_mutes',
  'alert_passages',
];
const NOT_ALLOWED = '42501';

type Scrub = Readonly<{ sql: Sql; division: Division; from: Date; to: Date }>;

/**
 * Rewrites the tables that held something between two moments without the bytes of deleted rows, samples them anew, because the
 * planner's statistics hold frequent plates, and has the server write over its log. Readers and writers of a table wait while
 * it is rewritten. Resolves to sentences on what the user of the database may not do.
 */
export async function scrubDatabase({ sql, division, from, to }: Scrub): Promise<readonly string[]> {
  const parts = division === 'native' ? await listPartitionsOf(sql, from, to) : await listChunksOf(sql, from, to);
  for (const table of [...parts, ...OTHERS]) await sql.query(`VACUUM (FULL) ${table}`);
  const sampled = [...DIVIDED_TABLES, ...parts, 'plate_texts'];
  const statistics = await tryTo(() => forgetSamples(sql, sampled), 'the planner’s statistics');
  for (const table of [...DIVIDED_TABLES, 'plate_texts']) await sql.query(`ANALYZE ${table}`);
  const wal = await tryTo(() => overwriteLog(sql), 'the write-ahead log of the database');
  return [...statistics, ...wal];
}

async function listPartitionsOf(sql: Sql, from: Date, to: Date): Promise<readonly string[]> {
  const names: string[] = [];
  for (const table of DIVIDED_TABLES) {
    for (const { name, period } of await listPartitions(sql, table)) {
      if (!period || (period.from <= to.getTime() && period.to > from.getTime())) names.push(name);
    }
  }
  return names;
}

/** Chunks, and the tables beside them that hold what of them was compressed: rewriting a chunk leaves its other table as it is. */
async function listChunksOf(sql: Sql, from: Date, to: Date): Promise<readonly string[]> {
  const rows = await sql.query<{ name: string }>(
    `WITH chunks AS (SELECT stored.* FROM timescaledb_information.chunks AS shown
       JOIN _timescaledb_catalog.chunk AS stored ON stored.schema_name = chunk_schema AND stored.table_name = chunk_name
       WHERE hypertable_name = ANY ($1) AND range_start <= $3 AND range_end > $2)
     SELECT format('%I.%I', schema_name, table_name) AS name FROM (
       SELECT schema_name, table_name FROM chunks
       UNION ALL SELECT packed.schema_name, packed.table_name FROM chunks
         JOIN _timescaledb_catalog.chunk AS packed ON packed.id = chunks.compressed_chunk_id) AS parts`,
    [DIVIDED_TABLES, from, to],
  );
  return rows.map(({ name }) => name);
}

/** ANALYZE alone leaves what is known of an empty table as it is. */
async function forgetSamples(sql: Sql, tables: readonly string[]): Promise<void> {
  await sql.query(
    `DELETE FROM pg_statistic WHERE starelid = ANY ($1::text[]::regclass[])
       OR starelid IN (SELECT indexrelid FROM pg_index WHERE indrelid = ANY ($1::text[]::regclass[]))`,
    [tables],
  );
  await sql.query('VACUUM (FULL) pg_statistic');
}

/**
 * Old files of the log are reused as they are. Each switch fills the rest of the current one with zeros, so that after as many
 * switches as there are files each has been written over; once more, because a checkpoint puts old ones at the end of the row.
 */
async function overwriteLog(sql: Sql): Promise<void> {
  await sql.query('CHECKPOINT');
  for (let pass = 0; pass < 2; pass += 1) {
    const [files] = await sql.query<{ n: number }>('SELECT count(*)::int AS n FROM pg_ls_waldir()');
    for (let file = 0; file <= (files?.n ?? 0); file += 1) {
      await sql.query(`SELECT pg_logical_emit_message(false, 'ovr-alpr', 'scrub')`);
      await sql.query('SELECT pg_switch_wal()');
    }
    await sql.query('CHECKPOINT');
  }
}

async function tryTo(work: () => Promise<unknown>, what: string): Promise<readonly string[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === NOT_ALLOWED)) throw error;
    return [`${what}: the user of the database may not rewrite it; until the server reuses its files`];
  }
}
