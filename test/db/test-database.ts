import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLog } from '../../src/base/log.ts';
import { openEmbeddedPostgres } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Sql } from '../../src/db/sql.ts';
import { shareDatabase } from '../servers/shared.ts';

/** A real database of its own for one test file; gone when disposed. */
export type TestDatabase = Readonly<{ sql: Sql }> & AsyncDisposable;

/** A database whose server is the test's own too, and may be killed. */
export type OwnDatabase = TestDatabase & Readonly<{ pid: () => number }>;

const log = createLog({ level: 'silent' });

/**
 * A database without anything in it, in the server of the run. It has TimescaleDB where the server does, unless `native` is
 * asked for.
 */
export function openEmptyDatabase(options: Readonly<{ native?: boolean }> = {}): Promise<TestDatabase> {
  return openShared(options);
}

/** The same, migrated. */
export async function openTestDatabase(options: Readonly<{ native?: boolean }> = {}): Promise<TestDatabase> {
  const database = await openShared({ ...options, migrated: true });
  await migrate({ sql: database.sql, log });
  return database;
}

async function openShared(options: Readonly<{ native?: boolean; migrated?: boolean }>): Promise<TestDatabase> {
  const database = await shareDatabase(options);
  const sql = await openPostgres({ connectionString: database.url, poolSize: 8, log });
  return {
    sql,
    [Symbol.asyncDispose]: async () => {
      await sql[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** A migrated database of an embedded server. It takes seconds to create: for tests that harm the server. */
export async function openOwnDatabase(): Promise<OwnDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alpr-db-'));
  await chmod(folder, 0o755);
  const database = await openEmbeddedPostgres({ dataDir: folder, log });
  await migrate({ sql: database.sql, log });
  return {
    sql: database.sql,
    pid: () => database.server().pid,
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
