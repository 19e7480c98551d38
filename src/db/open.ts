import path from 'node:path';
import type { Log } from '../base/log.ts';
import type { DbConfig } from './config.ts';
import type { Sql } from './sql.ts';

/** An open database and which kind it is. Closing it also stops a server that was started for it. */
export type Database = Readonly<{ kind: DbConfig['kind']; sql: Sql }> & AsyncDisposable;

type DatabaseOptions = Readonly<{
  config: DbConfig;
  dataFolder: string;
  log: Log;
  /** Whether an embedded database that another process runs will do: it is then used and left running. */
  isShared?: boolean;
  /** Ends the wait for a server that does not answer. */
  cutOff?: AbortSignal | undefined;
}>;

/** Opens the database that the configuration names. A relative folder lies below `dataFolder`. */
export async function openDatabase(given: DatabaseOptions): Promise<Database> {
  const { config, dataFolder, log, isShared, cutOff } = given;
  switch (config.kind) {
    case 'embedded': {
      const { joinEmbeddedPostgres, openEmbeddedPostgres } = await import('./embedded.ts');
      const options = { dataDir: path.resolve(dataFolder, config.folder), log, poolSize: config.pool_size, cutOff };
      const joined = isShared ? await joinEmbeddedPostgres(options) : undefined;
      if (joined) return { kind: 'embedded', sql: joined, [Symbol.asyncDispose]: () => joined[Symbol.asyncDispose]() };
      const embedded = await openEmbeddedPostgres(options);
      return { kind: 'embedded', sql: embedded.sql, [Symbol.asyncDispose]: () => embedded[Symbol.asyncDispose]() };
    }
    case 'postgres': {
      const { openPostgres } = await import('./postgres.ts');
      const { url: connectionString, pool_size: poolSize, tls } = config;
      const sql = await openPostgres({ connectionString, poolSize, tls, log, cutOff });
      return { kind: 'postgres', sql, [Symbol.asyncDispose]: () => sql[Symbol.asyncDispose]() };
    }
  }
}
