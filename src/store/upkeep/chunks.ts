import { FIRST_TIME } from '../../contract/plausible-time.ts';
import type { Sql } from '../../db/sql.ts';
import { HELD } from '../privacy/holds.ts';
import { DIVIDED_TABLES, type DividedTable, expiredAt, MISDATED_EXPIRED } from './partitions.ts';

const DROP = 'SELECT drop_chunks($1::regclass, older_than => $2::timestamptz, newer_than => $3::timestamptz) AS name';

/** The end of the last chunk of TimescaleDB that is over at a moment; undefined when there is none. */
export async function findEnd(sql: Pick<Sql, 'query'>, table: DividedTable, cutoff: Date): Promise<Date | undefined> {
  const [row] = await sql.query<{ end: Date | null }>(
    'SELECT max(range_end) AS end FROM timescaledb_information.chunks WHERE hypertable_name = $1 AND range_end <= $2',
    [table, cutoff],
  );
  return row?.end ?? undefined;
}

/** Drops the chunks of TimescaleDB that end before `cutoff`, milliseconds; rows that a hold keeps get chunks of their own. */
export async function dropOldChunks(sql: Sql, cutoff: number): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const table of DIVIDED_TABLES) gone.push(...(await dropChunks(sql, table, new Date(cutoff))));
  for (const view of ['reads_per_camera_hour', 'unique_plates_per_day']) {
    const chunks = await sql.query<{ name: string }>(DROP, [view, new Date(cutoff), FIRST_TIME]);
    gone.push(...chunks.map(({ name }) => name));
  }
  for (const table of DIVIDED_TABLES) {
    await sql.query(`DELETE FROM ${table} WHERE (${MISDATED_EXPIRED}) AND NOT ${HELD}`, expiredAt(cutoff));
  }
  return gone;
}

async function dropChunks(sql: Sql, table: DividedTable, cutoff: Date): Promise<readonly string[]> {
  const end = await findEnd(sql, table, cutoff);
  if (end === undefined) return [];
  return sql.transaction(async (session) => {
    await session.query('LOCK TABLE retention_holds IN SHARE MODE');
    const over = 'detected_at >= $1 AND detected_at < $2';
    const [there] = await session.query<{ others: boolean }>(
      `SELECT EXISTS (SELECT FROM ${table} WHERE ${over} AND NOT ${HELD}) AS others`,
      [FIRST_TIME, end],
    );
    if (!there?.others) return [];
    await session.query(
      `CREATE TEMP TABLE held ON COMMIT DROP AS SELECT * FROM ${table} WHERE detected_at >= '${FIRST_TIME}' AND detected_at < '${end.toISOString()}' AND ${HELD}`,
    );
    const chunks = await session.query<{ name: string }>(DROP, [table, end, FIRST_TIME]);
    await session.query(`INSERT INTO ${table} SELECT * FROM held`);
    return chunks.map(({ name }) => name);
  });
}
