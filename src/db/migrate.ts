import { AlprError, codeOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { retryForever } from '../base/retry.ts';
import { allowManyCompressed, findDivision } from './division.ts';
import { leaveIndexes, listLarge } from './later-indexes.ts';
import { type Division, readApplied, readMigrations, refuseNewer } from './migrations.ts';
import type { Sql, SqlSession } from './sql.ts';

const LOCK_KEY = 0x0a1b2c3d;
const WAITING = { firstMs: 200, maxMs: 5000, factor: 2 };

/** The oldest server that the schema is tested on. */
const OLDEST_SERVER = 160_000;

/**
 * While a migration waits for a table, everybody else waits behind it. So it gives up before they notice, and before PostgreSQL looks
 * for deadlocks (after a second) and cancels one of them.
 */
const LOCK_TIMEOUT_MS = 800;
const LOCK_NOT_AVAILABLE = '55P03';

const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations (
  number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
)`;

/** The files that were applied now, and how the database divides its events. */
export type Migrated = Readonly<{ applied: readonly string[]; division: Division }>;

/**
 * Brings the database to this version: applies every `NNN-name.sql` not yet recorded, in order, in one transaction, one
 * process at a time. New indexes of large partitions are left to upkeep. DATABASE_NEWER when the database has a migration that this program lacks or has in another form,
 * DATABASE_UNAVAILABLE when others use a table for too long: then nothing has changed.
 */
export async function migrate(
  options: Readonly<{
    sql: Sql;
    log: Log;
    folder?: string;
    /** Number of the last migration to apply; all if left out. */
    upTo?: number;
    /** Partitions of this many bytes get new indexes from upkeep and not here. */
    largeBytes?: number;
  }>,
): Promise<Migrated> {
  const { sql, log, folder, largeBytes, upTo = Number.POSITIVE_INFINITY } = options;
  const migrating = sql.transaction(async (session) => {
    await session.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    await refuseOldServer(session);
    const applied = await readApplied(session);
    const { division, timescale } = await findDivision(session, applied);
    const known = await readMigrations(division, folder);
    refuseNewer(applied, known);
    const pending = known.slice(applied.length).filter(({ number }) => number <= upTo);
    if (pending.length > 0) {
      log.info({ migrations: pending.length, division, timescale }, 'the database is being migrated');
      await session.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT_MS}ms'`);
    }
    await session.query(CREATE_TABLE);
    await allowManyCompressed(session);
    const large = pending.length > 0 ? await listLarge(session, largeBytes) : [];
    for (const { number, name, text, checksum } of pending) {
      await session.query(leaveIndexes(text, large));
      await session.query('INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)', [
        number,
        name,
        checksum,
      ]);
    }
    return { applied: pending.map(({ name }) => name), division };
  });
  const migrated = await migrating.catch(explainLock);
  for (const migration of migrated.applied) log.debug({ migration }, 'a migration is applied');
  return migrated;
}

/** The same, but waits as long as it takes for a database that is away; each failed attempt is logged. */
export function migrateWhenThere(options: Readonly<{ sql: Sql; log: Log; signal: AbortSignal }>): Promise<Migrated> {
  const { log, signal } = options;
  return retryForever({
    work: () => migrate(options),
    backoff: WAITING,
    signal,
    isLasting: (error) => !(error instanceof AlprError && error.retry),
    onError: (error, delay_ms) => log.warn({ err: error, delay_ms }, 'the database does not answer; waiting for it'),
  });
}

function explainLock(cause: unknown): never {
  if (codeOf(cause) !== LOCK_NOT_AVAILABLE) throw cause;
  const message = `Expected to lock the tables within ${LOCK_TIMEOUT_MS} ms, but others, such as a report or a backup, use them; nothing was changed, try again`;
  throw new AlprError('DATABASE_UNAVAILABLE', message, { cause });
}

async function refuseOldServer(session: SqlSession): Promise<void> {
  const [server] = await session.query<{ number: number; version: string }>(
    "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version",
  );
  if (server && server.number >= OLDEST_SERVER) return;
  throw new AlprError(
    'CONFIG_INVALID',
    `Expected PostgreSQL ${OLDEST_SERVER / 10_000} or newer, the server is ${server?.version}; upgrade it, or use database.kind embedded`,
  );
}
