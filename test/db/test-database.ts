import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { openEmbeddedPostgres } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Sql } from '../../src/db/sql.ts';
import { shareDatabase } from '../servers/shared.ts';

/** A real database of its own for one test file; gone with its folder when disposed. */
export type TestDatabase = Readonly<{ sql: Sql; pid: () => number }> & AsyncDisposable;

const log = createLog({ level: 'silent' });

/**
 * A database without anything in it: of an embedded server of its own, or of the one server that the run is for. There it has
 * TimescaleDB where the server does, unless `native` is asked for.
 */
export async function openEmptyDatabase(options: Readonly<{ native?: boolean }> = {}): Promise<TestDatabase> {
  return inject('databases') === 'embedded' ? openOwn() : openShared(options);
}

/** The same, migrated. */
export async function openTestDatabase(options: Readonly<{ native?: boolean }> = {}): Promise<TestDatabase> {
  const database = await openEmptyDatabase(options);
  await migrate({ sql: database.sql, log });
  return database;
}

async function openOwn(): Promise<TestDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alpr-db-'));
  await chmod(folder, 0o755);
  const database = await openEmbeddedPostgres({ dataDir: folder, log });
  return {
    sql: database.sql,
    pid: () => database.server().pid,
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openShared(options: Readonly<{ native?: boolean }>): Promise<TestDatabase> {
  const database = await shareDatabase(options);
  const sql = await openPostgres({ connectionString: database.url, poolSize: 8, log });
  return {
    sql,
    pid: () => {
      throw new Error('expected a server of the test’s own: this one is shared and must not be killed');
    },
    [Symbol.asyncDispose]: async () => {
      await sql[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}
