import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatYaml } from '../../src/app/config.ts';
import { startKafka } from '../servers/kafka.ts';
import { startOpenSearch } from '../servers/opensearch.ts';
import { findFreePorts } from '../servers/ports.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startRegistry } from '../servers/registry.ts';
import { startS3 } from '../servers/s3.ts';
import type { ServerControl } from '../servers/server.ts';
import { KeptProcess, type Victim } from './kept-process.ts';
import type { VictimClass } from './plan.ts';
import { signalDescendants } from './process-tree.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');
const EDGE = join(import.meta.dirname, 'simulated-edge.ts');

/** Fifteen processes and five servers on few cores start slowly, milliseconds. */
export const RESTART_MS = 600_000;

export type Servers = Awaited<ReturnType<typeof startServers>>;

/** Our own processes. What the edges are to do is told to each by its arguments. */
export type Processes = Readonly<{
  ingests: readonly KeptProcess[];
  index: KeptProcess;
  serve: KeptProcess;
  metrics: KeptProcess;
}>;

/** Starts the real servers; `opened` closes them. */
export async function startServers(opened: AsyncDisposableStack) {
  const [kafka, registry, postgres, s3, opensearch] = await Promise.all([
    startKafka(),
    startRegistry(),
    startPostgres(),
    startS3(),
    startOpenSearch(),
  ]);
  for (const server of [kafka, registry, postgres, s3, opensearch]) opened.use(server);
  return { kafka, registry, postgres, s3, opensearch };
}

/** Starts processes with the same configuration but for their own data folder below `folder`. */
export class Launcher {
  readonly #opened: AsyncDisposableStack;
  readonly #folder: string;
  readonly #config: object;
  /** Where `alpr serve` and `alpr metrics-consumer` answer. */
  readonly urls: Readonly<{ serve: string; metrics: string }>;

  private constructor(given: Readonly<{ opened: AsyncDisposableStack; folder: string; config: object; ports: Ports }>) {
    this.#opened = given.opened;
    this.#folder = given.folder;
    this.#config = given.config;
    const [serve, metrics] = given.ports;
    this.urls = { serve: `http://127.0.0.1:${serve}`, metrics: `http://127.0.0.1:${metrics}/metrics` };
  }

  static async open(opened: AsyncDisposableStack, folder: string, servers: Servers): Promise<Launcher> {
    const [serve = 0, metrics = 0] = await findFreePorts(2);
    const ports: Ports = [serve, metrics];
    return new Launcher({ opened, folder, config: createConfig(servers, ports), ports });
  }

  /** The configuration file of a process. */
  fileOf(name: string): string {
    return join(this.#folder, `${name}.yaml`);
  }

  /** Starts the four services, ingest twice. */
  async startServices(): Promise<Processes> {
    const [first, second, index, serve, metrics] = await Promise.all([
      this.#start('ingest-0', (file) => [PROGRAM, '--config', file, 'ingest']),
      this.#start('ingest-1', (file) => [PROGRAM, '--config', file, 'ingest']),
      this.#start('index', (file) => [PROGRAM, '--config', file, 'index']),
      this.#start('serve', (file) => [PROGRAM, '--config', file, 'serve']),
      this.#start('metrics', (file) => [PROGRAM, '--config', file, 'metrics-consumer']),
    ]);
    return { ingests: [first, second], index, serve, metrics };
  }

  /** Starts a simulated edge: what it is to send as JSON, and how many passages a second. */
  startEdge(name: string, task: string, perSecond: number): Promise<KeptProcess> {
    return this.#start(name, (file) => [EDGE, file, task, String(perSecond)]);
  }

  async #start(name: string, args: (file: string) => readonly string[]): Promise<KeptProcess> {
    const file = this.fileOf(name);
    const data = join(this.#folder, name);
    await mkdir(data);
    await writeFile(file, formatYaml({ data, ...this.#config }));
    const logFile = join(this.#folder, `${name}.log`);
    const kept = this.#opened.use(new KeptProcess({ name, args: args(file), logFile }));
    await kept.restart();
    return kept;
  }
}

type Ports = readonly [serve: number, metrics: number];

function createConfig({ kafka, registry, postgres, s3, opensearch }: Servers, [serve, metrics]: Ports): object {
  return {
    log: { level: 'info' },
    bus: {
      kind: 'kafka',
      brokers: [...kafka.brokers],
      publish_timeout_ms: 10_000,
      topics: { partitions: 6 },
      registry: { url: registry.url },
    },
    database: { kind: 'postgres', url: postgres.url, pool_size: 4 },
    images: {
      kind: 's3',
      endpoint: s3.endpoint,
      region: s3.region,
      bucket: 'alpr-soak',
      access_key_id: s3.accessKeyId,
      secret_access_key: s3.secretAccessKey,
      timeout_ms: 5000,
    },
    search: { kind: 'opensearch', nodes: [opensearch.url], replicas: 0 },
    server: { port: serve },
    metrics: { port: metrics, report_seconds: 2 },
  };
}

/** Each of the servers and of our processes is killed and stopped once in a turn, each edge one of both. */
export function listVictims(given: {
  servers: Servers;
  processes: Processes;
  edges: readonly KeptProcess[];
}): readonly VictimClass[] {
  const { ingests, index, serve, metrics } = given.processes;
  const controls = Object.entries(given.servers).map(([name, { control }]) => victimOf(name, control));
  return [
    ...[...controls, ...ingests, index, serve, metrics].map((victim) => ({ victims: [victim], each: 2 as const })),
    { victims: given.edges, each: 1 },
  ];
}

/** The processes of a server are stopped with it, as PostgreSQL has one for each connection. */
function victimOf(name: string, control: ServerControl): Victim {
  return {
    name,
    kill: () => control.kill(),
    async pause() {
      await control.pause();
      await signalDescendants(control.pid, 'SIGSTOP');
    },
    async resume() {
      await signalDescendants(control.pid, 'SIGCONT');
      await control.resume();
    },
    restart: () => control.restart(RESTART_MS),
  };
}
