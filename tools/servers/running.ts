import path from 'node:path';
import pg from 'pg';
import type { ServerName } from './packages.ts';
import type { ServerControl } from './server.ts';

/** The servers that make up the distributed system; the others are for tests. */
export const STACK = ['kafka', 'registry', 'postgres', 's3', 'opensearch'] as const satisfies readonly ServerName[];

export type StackName = (typeof STACK)[number];

/** A running server: how people reach it, and the part of the configuration that makes the program use it. */
export type StackPart = Readonly<{
  name: StackName;
  title: string;
  address: string;
  settings: Readonly<Record<string, unknown>>;
  control: ServerControl;
}> &
  AsyncDisposable;

/** Starts one server with its data below `folder`, where they stay. */
export async function startPart(name: StackName, folder: string): Promise<StackPart> {
  const own = path.join(folder, name);
  switch (name) {
    case 'kafka': {
      const server = await (await import('./kafka.ts')).startKafka({ folder: own });
      const settings = { bus: { kind: 'kafka', brokers: server.brokers } };
      return describe(name, 'Kafka', server, { address: server.brokers.join(','), settings });
    }
    case 'registry': {
      const server = await (await import('./registry.ts')).startRegistry({ folder: own });
      const settings = { bus: { registry: { url: server.url } } };
      return describe(name, 'Schema Registry', server, { address: server.url, settings });
    }
    case 'postgres': {
      const server = await (await import('./postgres.ts')).startPostgres({ folder: own });
      await createDatabase(server.url);
      const url = new URL('alpr', server.url).href;
      return describe(name, 'PostgreSQL', server, { address: url, settings: { database: { kind: 'postgres', url } } });
    }
    case 's3': {
      const server = await (await import('./s3.ts')).startS3({ folder: own });
      const { endpoint, region, accessKeyId: access_key_id, secretAccessKey: secret_access_key } = server;
      const images = { kind: 's3', endpoint, region, bucket: 'alpr-pictures', access_key_id, secret_access_key };
      return describe(name, 'S3', server, {
        address: `${endpoint}  (${access_key_id} ${secret_access_key})`,
        settings: { images },
      });
    }
    case 'opensearch': {
      const server = await (await import('./opensearch.ts')).startOpenSearch({ folder: own });
      const settings = { search: { kind: 'opensearch', nodes: [server.url], replicas: 0 } };
      return describe(name, 'OpenSearch', server, { address: server.url, settings });
    }
  }
}

/** The configuration for the program: what each part says, merged. */
export function mergeSettings(parts: readonly StackPart[], dataFolder: string): Record<string, unknown> {
  const merged: Record<string, Record<string, unknown>> = {};
  for (const { settings } of parts) {
    for (const [key, value] of Object.entries(settings)) merged[key] = { ...merged[key], ...(value as object) };
  }
  // A registry alone makes no bus.
  if (merged.bus && !('kind' in merged.bus)) delete merged.bus;
  // Avro, the default, needs the registry.
  else if (merged.bus && !('registry' in merged.bus)) merged.bus.format = 'json';
  return { data: dataFolder, ...merged };
}

type Started = Readonly<{ control: ServerControl }> & AsyncDisposable;

function describe(
  name: StackName,
  title: string,
  server: Started,
  shown: Readonly<{ address: string; settings: Readonly<Record<string, unknown>> }>,
): StackPart {
  return { name, title, ...shown, control: server.control, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = 'alpr'");
    if (rowCount === 0) await client.query('CREATE DATABASE alpr');
  } finally {
    await client.end();
  }
}
