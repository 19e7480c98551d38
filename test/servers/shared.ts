import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { Databases } from '../../tools/servers/databases.ts';
import type { KafkaAddress } from '../../tools/servers/kafka.ts';
import type { OpenSearchAddress } from '../../tools/servers/opensearch.ts';
import type { PageFolder } from '../../tools/servers/page.ts';
import type { RegistryAddress } from '../../tools/servers/registry.ts';
import type { S3Address } from '../../tools/servers/s3.ts';

/** The Kafka broker of this run, plain and without a password. */
export const shareKafka = () => ask<KafkaAddress>('kafka');

/** The Schema Registry of this run. */
export const shareRegistry = () => ask<RegistryAddress>('registry');

/** The OpenSearch node of this run. */
export const shareOpenSearch = () => ask<OpenSearchAddress>('opensearch');

/** The S3 server of this run. */
export const shareS3 = () => ask<S3Address>('s3');

/** `prefix` with ten random characters that topics, buckets, indices and databases all allow. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`;
}

/** The page, built once for this run; nobody writes into its folder. */
export const sharePage = () => ask<PageFolder>('page');

/**
 * A new database in the PostgreSQL of this run, dropped with its sessions when disposed; empty unless a `migrated` one is asked
 * for. It has TimescaleDB where that server does, unless `native` is asked for.
 */
export async function shareDatabase({
  native = false,
  migrated = false,
}: Readonly<{ native?: boolean; migrated?: boolean }> = {}): Promise<Readonly<{ url: string }> & AsyncDisposable> {
  const { url, template } = await ask<Databases>('postgres');
  const name = uniqueName('test').replace('-', '_');
  const own = new URL(name, url).href;
  const withTimescale = inject('databases') === 'timescale' && !native;
  const isCopy = migrated && !withTimescale;
  await execute(url, `CREATE DATABASE ${name}${isCopy ? ` TEMPLATE ${template}` : ''}`);
  if (withTimescale) await execute(own, 'CREATE EXTENSION timescaledb');
  return {
    url: own,
    [Symbol.asyncDispose]: () => execute(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function ask<Address>(name: string): Promise<Address> {
  const response = await fetch(`${inject('serversUrl')}/${name}`);
  if (!response.ok) throw new Error(`The shared ${name} did not start: ${await response.text()}`);
  return (await response.json()) as Address;
}
