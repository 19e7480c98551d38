import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { AlprError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { TlsConfig } from './config.ts';
import { openPool } from './pool.ts';
import type { Sql } from './sql.ts';

type PostgresOptions = Readonly<{
  connectionString: string;
  poolSize: number;
  tls?: TlsConfig | undefined;
  log: Log;
  /** Ends the wait for a server that does not answer. */
  cutOff?: AbortSignal | undefined;
}>;

/**
 * A PostgreSQL that is already running. It connects on the first query, so the server may start later than this
 * program.
 */
export async function openPostgres({ connectionString, poolSize, tls, log, cutOff }: PostgresOptions): Promise<Sql> {
  return openPool({ connectionString, max: poolSize, ...(tls ? { ssl: await readTls(tls) } : {}) }, log, cutOff);
}

async function readTls(tls: TlsConfig): Promise<ConnectionOptions> {
  const [ca, cert, key] = await Promise.all([tls.ca_file, tls.certificate_file, tls.key_file].map(readPem));
  return {
    rejectUnauthorized: tls.verify,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

async function readPem(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const why = messageOf(cause);
    throw new AlprError('CONFIG_INVALID', `Expected a PEM file at ${file} (database.tls): ${why}`, { cause });
  }
}
