import { findDivision } from '../../db/division.ts';
import { type Applied, type Division, readApplied, readMigrations, refuseNewer } from '../../db/migrations.ts';
import type { Sql } from '../../db/sql.ts';
import { countMisdated } from '../events.ts';
import { DIVIDED_TABLES, type DividedTable, listPartitions } from './partitions.ts';

/**
 * Rows are the server's estimates; sizes are bytes with all indexes; the period is undefined for a part without bounds.
 */
export type PartStatus = Readonly<{
  table: string;
  name: string;
  from: Date | null;
  to: Date | null;
  rows: number;
  bytes: number;
}>;

/** One task of upkeep: when it was last done, or up to when; null if never. */
export type UpkeepStatus = Readonly<{ task: string; at: Date | null; detail: string }>;

/** What can be known about a database without changing it. */
export type DatabaseStatus = Readonly<{
  server: string;
  division: Division;
  /** Its version, or why it is not used. */
  timescale: string;
  applied: readonly Applied[];
  pending: readonly string[];
  tables: readonly Readonly<{ name: string; rows: number; bytes: number }>[];
  parts: readonly PartStatus[];
  upkeep: readonly UpkeepStatus[];
  /** How many events have an impossible time. */
  misdated: number;
  bytes: number;
}>;

const TABLES = ['plate_texts', 'dead_letters'];

/** Reads the state of a database; DATABASE_NEWER where a newer program migrated it. */
export async function readDatabaseStatus(sql: Sql): Promise<DatabaseStatus> {
  return sql.transaction(async (session) => {
    const applied = await readApplied(session);
    const { division, timescale } = await findDivision(session, applied);
    const known = await readMigrations(division);
    refuseNewer(applied, known);
    const [server] = await session.query<{ version: string; bytes: number }>(
      `SELECT current_setting('server_version') AS version, pg_database_size(current_database())::float8 AS bytes`,
    );
    const divided = applied.some(({ name }) => name.startsWith(`${division}/`));
    const parts = divided ? await readParts(session, division) : [];
    return {
      server: server?.version ?? '',
      division,
      timescale,
      applied,
      pending: known.slice(applied.length).map(({ name }) => name),
      tables: await readTables(session),
      parts,
      upkeep: divided ? await readUpkeep(session, division, parts) : [],
      misdated: divided ? await countMisdated(session, undefined) : 0,
      bytes: server?.bytes ?? 0,
    };
  });
}

async function readTables(session: Pick<Sql, 'query'>): Promise<DatabaseStatus['tables']> {
  return session.query(
    `SELECT relname AS name, greatest(reltuples, 0)::float8 AS rows, pg_total_relation_size(oid)::float8 AS bytes
     FROM pg_class WHERE oid = ANY (SELECT to_regclass(name) FROM unnest($1::text[]) AS name) ORDER BY relname`,
    [TABLES],
  );
}

async function readParts(session: Pick<Sql, 'query'>, division: Division): Promise<readonly PartStatus[]> {
  const parts: PartStatus[] = [];
  for (const table of DIVIDED_TABLES) {
    parts.push(...(division === 'native' ? await readPartitions(session, table) : await readChunks(session, table)));
  }
  return parts;
}

async function readPartitions(session: Pick<Sql, 'query'>, table: DividedTable): Promise<readonly PartStatus[]> {
  const partitions = await listPartitions(session, table);
  return partitions.map(({ name, period, rows, bytes }) => ({
    table,
    name,
    from: dateOf(period?.from),
    to: dateOf(period?.to),
    rows,
    bytes,
  }));
}

function readChunks(session: Pick<Sql, 'query'>, table: DividedTable): Promise<readonly PartStatus[]> {
  return session.query<PartStatus>(
    `SELECT $1::text AS table, chunk_name || CASE WHEN is_compressed THEN ' (compressed)' ELSE '' END AS name,
       range_start AS from, range_end AS to, greatest(reltuples, 0)::float8 AS rows,
       pg_total_relation_size(pg_class.oid)::float8 AS bytes
     FROM timescaledb_information.chunks
       JOIN pg_class ON pg_class.oid = format('%I.%I', chunk_schema, chunk_name)::regclass
     WHERE hypertable_name = $1 ORDER BY range_start`,
    [table],
  );
}

async function readUpkeep(
  session: Pick<Sql, 'query'>,
  division: Division,
  parts: readonly PartStatus[],
): Promise<readonly UpkeepStatus[]> {
  if (division === 'timescale') return readJobs(session);
  const [there] = await session.query<{ there: boolean }>("SELECT to_regclass('changed_hours') IS NOT NULL AS there");
  if (!there?.there) return [];
  const [counted] = await session.query<{ at: Date | null; changed: number }>(
    `SELECT nullif(refreshed_to, '-infinity') AS at,
       (SELECT count(DISTINCT hour)::int FROM changed_hours WHERE hour < refreshed_to) AS changed FROM statistics_state`,
  );
  const last = parts.findLast(({ table, to }) => table === 'plate_events' && to !== null);
  return [
    { task: 'partitions there until', at: last?.to ?? null, detail: '' },
    {
      task: 'statistics counted to',
      at: counted?.at ?? null,
      detail: `${counted?.changed ?? 0} hours before it changed since`,
    },
  ];
}

function readJobs(session: Pick<Sql, 'query'>): Promise<readonly UpkeepStatus[]> {
  return session.query<UpkeepStatus>(
    `SELECT jobs.proc_name || ' of ' || coalesce(views.view_name, jobs.hypertable_name) AS task,
       nullif(stats.last_successful_finish, '-infinity') AS at,
       coalesce(stats.total_failures, 0) || ' of ' || coalesce(stats.total_runs, 0) || ' runs failed' AS detail
     FROM timescaledb_information.jobs AS jobs
       LEFT JOIN timescaledb_information.job_stats AS stats USING (job_id)
       LEFT JOIN timescaledb_information.continuous_aggregates AS views
         ON views.materialization_hypertable_name = jobs.hypertable_name
     WHERE jobs.hypertable_name IS NOT NULL ORDER BY 1`,
  );
}

function dateOf(milliseconds: number | undefined): Date | null {
  return milliseconds === undefined || !Number.isFinite(milliseconds) ? null : new Date(milliseconds);
}
