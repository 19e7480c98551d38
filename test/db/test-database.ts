import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLog } from '../../src/base/log.ts';
import { openEmbeddedPostgres } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Sql } from '../../src/db/sql.ts';

/** A real database of its own for one test file; gone with its folder when disposed. */
export type TestDatabase = Readonly<{ sql: Sql; pid: () => number }> & AsyncDisposable;

export async function openTestDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alpr-db-'));
  await chmod(folder, 0o755);
  const log = createLog('silent');
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
