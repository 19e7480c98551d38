import type { Log } from '../../base/log.ts';
import { FORMER } from '../../db/later-indexes.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';
import { DIVIDED_TABLES, LOCK_TIMEOUT, transactLocked } from './partitions.ts';

const LOCK_KEY = 0x0a1b2c45;

/** Longer than the second after which PostgreSQL makes autovacuum give way, which may use a partition for hours. */
const AUTOVACUUM_TIMEOUT = "SET LOCAL lock_timeout = '1500ms'";

/** A partition that lacks an index of its table, the name that its own will have or has, and what it is built of. */
type Missing = Readonly<{ index: string; partition: string; own: string; built: boolean; definition: string }>;

const LIST = `SELECT index, partition, own, coalesce(indisvalid, false) AS built, definition FROM (
  SELECT whole.indexrelid::regclass::text AS index, part.inhrelid::regclass::text AS partition, part.inhrelid AS nth,
    format('%I', left(name.relname, 40) || '_' || whole.indexrelid || '_' || part.inhrelid) AS own,
    substring(pg_get_indexdef(whole.indexrelid) FROM ' USING .*') AS definition
  FROM pg_index AS whole JOIN pg_class AS name ON name.oid = whole.indexrelid
    JOIN pg_inherits AS part ON part.inhparent = whole.indrelid
  WHERE whole.indrelid = ANY ($1::regclass[]) AND NOT EXISTS (
    SELECT FROM pg_inherits AS child JOIN pg_index AS built ON built.indexrelid = child.inhrelid
    WHERE child.inhparent = whole.indexrelid AND built.indrelid = part.inhrelid)
  ) AS missing LEFT JOIN pg_index ON indexrelid = to_regclass(own) ORDER BY nth DESC, index`;

const LIST_FORMER = `SELECT former.oid::regclass::text AS name, indrelid::regclass::text AS "on"
  FROM pg_class AS former JOIN pg_index ON indexrelid = former.oid
  WHERE indrelid = ANY ($1::regclass[]) AND right(former.relname, ${FORMER.length}) = '${FORMER}'`;

/**
 * Builds the indexes that a migration left out for the partitions that were there, the newest partition first, while everybody reads and
 * writes, and drops those that they replace. One process does it at a time; what was cut off begins again with that partition.
 */
export async function buildIndexes(sql: Sql, log: Log): Promise<void> {
  // A transaction that only waits holds the lock: what it does not do itself need not be in one.
  await sql.transaction(async (session) => {
    if (!(await isFirst(session))) return;
    const missing = await sql.query<Missing>(LIST, [DIVIDED_TABLES]);
    if (missing.length > 0) {
      log.info({ indexes: missing.length }, 'indexes of events are being built; some searches and reports take longer');
    }
    for (const one of missing) await build(sql, one);
    const former = await sql.query<{ name: string; on: string }>(LIST_FORMER, [DIVIDED_TABLES]);
    for (const { name, on } of former) await alter(sql, on, `DROP INDEX IF EXISTS ${name}`);
    if (missing.length > 0) log.info({ indexes: missing.length }, 'indexes of events are built');
  });
}

async function isFirst(session: SqlSession): Promise<boolean> {
  // Without values, because a statement that has some keeps its snapshot until the next one, and every build would wait for that.
  const [lock] = await session.query<{ first: boolean }>(`SELECT pg_try_advisory_xact_lock(${LOCK_KEY}) AS first`);
  return lock?.first ?? false;
}

async function build(sql: Sql, { index, partition, own, built, definition }: Missing): Promise<void> {
  if (!built) {
    await sql.query(`DROP INDEX CONCURRENTLY IF EXISTS ${own}`);
    await sql.query(`CREATE INDEX CONCURRENTLY ${own} ON ${partition}${definition}`);
  }
  await alter(sql, partition, `ALTER INDEX ${index} ATTACH PARTITION ${own}`);
}

/** Autovacuum is made to give way first, while nobody else waits behind this. */
function alter(sql: Sql, table: string, statement: string): Promise<void> {
  return transactLocked(sql, async (session) => {
    await session.query(AUTOVACUUM_TIMEOUT);
    await session.query(`LOCK TABLE ${table} IN SHARE UPDATE EXCLUSIVE MODE`);
    await session.query(LOCK_TIMEOUT);
    await session.query(statement);
  });
}
