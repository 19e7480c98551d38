import type { Log } from '../base/log.ts';
import { openPool } from './pool.ts';
import type { Sql } from './sql.ts';

/** A PostgreSQL that is already running. Connects on the first query, so that it may be started later than we are. */
export function openPostgres(options: Readonly<{ connectionString: string; poolSize: number; log: Log }>): Sql {
  return openPool({ connectionString: options.connectionString, max: options.poolSize }, options.log);
}
