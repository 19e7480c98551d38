import { setTimeout as sleep } from 'node:timers/promises';
import { plausibleSpan } from '../../contract/plausible-time.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';
import { HELD } from '../privacy/holds.ts';
import { type Period, type PeriodLength, periodOf, periodsAhead, subtractPeriods } from './periods.ts';
import { forgetStatistics, HOUR_OF, holdStatistics } from './statistics.ts';

/** Tables that are divided by `detected_at`. */
export const DIVIDED_TABLES = ['plate_events', 'event_revisions'] as const;
export type DividedTable = (typeof DIVIDED_TABLES)[number];

/** How many partitions exist in advance. */
const AHEAD = 3;

/** Most partitions that one run makes for rows of other times: a wrong clock must not create thousands. */
const MOST_FOR_STRAYS = 24;

/**
 * Maintenance makes writers wait at most this long; if a table is not free by then, the writers go first and
 * maintenance tries again.
 */
export const LOCK_TIMEOUT = "SET LOCAL lock_timeout = '1s'";
const LOCK_ATTEMPTS = 10;
const LOCK_PAUSE_MS = 2000;
const LOCK_NOT_AVAILABLE = '55P03';
const LOCK_KEY = 0x0a1b2c3e;

/** One of PostgreSQL's own partitions; the default one has no period. */
export type Partition = Readonly<{ name: string; period: Period | undefined; bytes: number; rows: number }>;

type Row = Readonly<{ name: string; from_ms: number | null; to_ms: number | null; bytes: number; rows: number }>;

const LIST = `SELECT name, bytes, rows,
    extract(epoch FROM replace((regexp_match(bound, 'FROM \\((.+)\\) TO'))[1], 'MINVALUE', '-infinity')::timestamptz)
      ::float8 * 1000 AS from_ms,
    extract(epoch FROM replace((regexp_match(bound, 'TO \\((.+)\\)$'))[1], 'MAXVALUE', 'infinity')::timestamptz)
      ::float8 * 1000 AS to_ms
  FROM (
    SELECT relname AS name, replace(pg_get_expr(relpartbound, pg_class.oid), '''', '') AS bound,
      pg_total_relation_size(pg_class.oid)::float8 AS bytes, greatest(reltuples, 0)::float8 AS rows
    FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = $1::regclass
  ) AS found ORDER BY from_ms NULLS LAST`;

/** The partitions of a table in order of time, the default one last. */
export async function listPartitions(
  session: Pick<SqlSession, 'query'>,
  table: DividedTable,
): Promise<readonly Partition[]> {
  const rows = await session.query<Row>(LIST, [table]);
  return rows.map(({ name, from_ms, to_ms, bytes, rows }) => ({
    name,
    period: from_ms === null || to_ms === null ? undefined : { from: from_ms, to: to_ms },
    bytes,
    rows,
  }));
}

/**
 * Creates the partitions of the coming periods, and those for rows in the default partition, which it moves. Resolves
 * to the names of the new ones. Rows of a distant past or future stay in the default partition.
 */
export async function createPartitions(
  sql: Sql,
  table: DividedTable,
  options: Readonly<{ length: PeriodLength; now: number }>,
): Promise<readonly string[]> {
  const coming = periodsAhead(options.now, options.length, AHEAD);
  const wanted = new Map([...coming, ...(await findStrays(sql, table, options))].map((one) => [one.from, one]));
  const created: string[] = [];
  for (const period of wanted.values()) {
    const taken = (await listPartitions(sql, table)).flatMap((one) => one.period ?? []);
    for (const part of subtractPeriods(period, taken)) {
      const name = await createPartition(sql, table, part);
      if (name !== undefined) created.push(name);
    }
  }
  return created;
}

/**
 * Drops the partitions that end before `cutoff`, and deletes older rows from those without a beginning: the default
 * one, and what there was before partitions. Rows that a hold keeps stay. Resolves to the names of those from which
 * something was removed.
 */
export async function dropPartitions(sql: Sql, table: DividedTable, cutoff: number): Promise<readonly string[]> {
  const partitions = await listPartitions(sql, table);
  const old = partitions.filter(({ period }) => period && period.to <= cutoff);
  const endless = partitions.filter((one) => !old.includes(one) && !Number.isFinite(one.period?.from));
  const gone: string[] = [];
  for (const partition of old) {
    if (await dropPartition(sql, table, partition)) gone.push(partition.name);
  }
  for (const { name } of endless) {
    if (await deleteBefore(sql, { table, name, cutoff })) gone.push(name);
  }
  return gone;
}

/**
 * Drops one partition. Rows that a hold keeps are few: they go back through the table, into the default partition, from which
 * `createPartitions` makes them a partition of their own. One that holds nothing else is left as it is.
 */
function dropPartition(sql: Sql, table: DividedTable, { name, period }: Partition): Promise<boolean> {
  return transactLocked(sql, async (session) => {
    // Before the partition is locked, because counting may take a while and writers should not wait for it.
    if (table === 'plate_events') await holdStatistics(session);
    await session.query(LOCK_TIMEOUT);
    await session.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    await session.query('LOCK TABLE retention_holds IN SHARE MODE');
    if (!(await isThere(session, name))) return false;
    const [there] = await session.query<{ held: boolean; others: boolean }>(
      `SELECT EXISTS (SELECT FROM ${name} WHERE ${HELD}) AS held, EXISTS (SELECT FROM ${name} WHERE NOT ${HELD}) AS others`,
    );
    if (there?.held && !there.others) return false;
    const columns = await listColumns(session, table);
    if (there?.held) {
      await session.query(`CREATE TEMP TABLE held ON COMMIT DROP AS SELECT ${columns} FROM ${name} WHERE ${HELD}`);
    }
    await session.query(`DROP TABLE ${name}`);
    if (table === 'plate_events' && period) await forgetStatistics(session, period);
    if (there?.held) await session.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM held`);
    return true;
  });
}

/** The condition on a row of an impossible time: how old it is, says when it was stored. */
export const MISDATED_EXPIRED = '(detected_at < $2 OR detected_at > $3) AND stored_at < $1';

/** The condition on a row of a partition without a beginning. */
export const EXPIRED = `detected_at >= $2 AND detected_at < $1 OR ${MISDATED_EXPIRED}`;

/** The values of these conditions. */
export function expiredAt(cutoff: number): readonly (Date | string)[] {
  const { from, to } = plausibleSpan(Date.now());
  return [new Date(cutoff), from, to];
}

/**
 * Deletes the older rows of one partition and records their hours, because triggers only see statements on the table
 * itself.
 */
async function deleteBefore(
  sql: Sql,
  { table, name, cutoff }: Readonly<{ table: DividedTable; name: string; cutoff: number }>,
): Promise<boolean> {
  const note =
    table === 'plate_events' ? `, noted AS (INSERT INTO changed_hours SELECT DISTINCT ${HOUR_OF} FROM gone)` : '';
  const [deleted] = await sql.query<{ n: number }>(
    `WITH gone AS (DELETE FROM ${name} WHERE (${EXPIRED}) AND NOT ${HELD} RETURNING detected_at)${note}
     SELECT count(*)::int AS n FROM gone`,
    expiredAt(cutoff),
  );
  return (deleted?.n ?? 0) > 0;
}

async function findStrays(
  sql: Sql,
  table: DividedTable,
  { length, now }: Readonly<{ length: PeriodLength; now: number }>,
): Promise<readonly Period[]> {
  const rows = await sql.query<{ at: Date }>(
    `SELECT date_trunc('day', detected_at, 'UTC') AS at FROM ${table}_default
     WHERE detected_at > $1::timestamptz - interval '10 years' AND detected_at < $1::timestamptz
     GROUP BY 1 ORDER BY 1 DESC LIMIT 4000`,
    [new Date(now)],
  );
  const periods = new Map(rows.map(({ at }) => periodOf(at.getTime(), length)).map((one) => [one.from, one]));
  return [...periods.values()].slice(0, MOST_FOR_STRAYS);
}

/**
 * Writers wait before they choose a partition: one that had already chosen the default partition would be refused by it
 * once the new one exists. Resolves to undefined if another process created the partition in the meantime.
 */
function createPartition(sql: Sql, table: DividedTable, { from, to }: Period): Promise<string | undefined> {
  const name = `${table}_${new Date(from).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const [start, end] = [new Date(from).toISOString(), new Date(to).toISOString()];
  return transactLocked(sql, async (session) => {
    await session.query(LOCK_TIMEOUT);
    await session.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    await session.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
    if (await isThere(session, name)) return undefined;
    const columns = await listColumns(session, table);
    await session.query(`CREATE TABLE ${name} (LIKE ${table} INCLUDING ALL EXCLUDING INDEXES)`);
    await session.query(`WITH moved AS (
        DELETE FROM ${table}_default WHERE detected_at >= '${start}' AND detected_at < '${end}' RETURNING *
      ) INSERT INTO ${name} (${columns}) SELECT ${columns} FROM moved`);
    await session.query(`ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${start}') TO ('${end}')`);
    return name;
  });
}

/** A transaction that locks tables under LOCK_TIMEOUT and is retried while others hold them. */
export async function transactLocked<T>(sql: Sql, work: (session: SqlSession) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sql.transaction(work);
    } catch (error) {
      const isHeld = error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
      if (!isHeld || attempt === LOCK_ATTEMPTS) throw error;
    }
    await sleep(LOCK_PAUSE_MS);
  }
}

/** Whether a partition is there: another process may have made or dropped it meanwhile. */
async function isThere(session: SqlSession, name: string): Promise<boolean> {
  const [found] = await session.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
  return found?.there ?? false;
}

/** Names of the columns that are not generated, quoted for a statement. */
async function listColumns(session: SqlSession, table: DividedTable): Promise<string> {
  const rows = await session.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  );
  return rows.map(({ name }) => name).join(', ');
}
