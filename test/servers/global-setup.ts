import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a worker asks for the run's servers, as tools/servers/share.ts says. */
    serversUrl: string;
    /** What the shared Kafka is to be. */
    kafkaKind: 'kraft' | 'zookeeper';
    /** What the one server of all tests' databases has. */
    databases: 'native' | 'timescale';
  }
}

const SHARE = path.resolve(import.meta.dirname, '..', '..', 'tools', 'servers', 'share.ts');

/**
 * Starts the process that owns the run's servers. Nothing but that process runs until a suite asks for one. With
 * `vitest --mode zookeeper` the shared Kafka is a 3.9 with ZooKeeper. With `--mode postgres-16` and `--mode postgres-17` the
 * shared PostgreSQL is of that version, with TEST_DATABASE_URL=postgres://… it is a server that runs already.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { mode } = project.vite.config;
  const kafkaKind = mode === 'zookeeper' ? 'zookeeper' : 'kraft';
  project.provide('kafkaKind', kafkaKind);
  project.provide('databases', await findDatabases());
  // A group of its own: Ctrl-C ends the tests, and the end of the tests ends it.
  const owner = spawn(process.execPath, [SHARE, mode], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = once(owner, 'exit');
  const line = await Promise.race([once(owner.stdout, 'data'), ended.then(() => undefined)]);
  if (line === undefined) throw new Error(`${SHARE} ended before it listened`);
  project.provide('serversUrl', String(line[0]).trim());
  return async () => {
    owner.stdin.end();
    await ended;
  };
}

async function findDatabases(): Promise<'native' | 'timescale'> {
  const connectionString = process.env.TEST_DATABASE_URL;
  if (connectionString === undefined) return 'native';
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const found = await client.query("SELECT FROM pg_available_extensions WHERE name = 'timescaledb'");
    return found.rowCount ? 'timescale' : 'native';
  } finally {
    await client.end();
  }
}
