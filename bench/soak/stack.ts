import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka } from '../../scripts/stack/kafka.ts';
import { startPostgres } from '../../scripts/stack/postgres.ts';
import { startRegistry } from '../../scripts/stack/registry.ts';
import { startS3 } from '../../scripts/stack/s3.ts';
import type { ServerControl } from '../../scripts/stack/server.ts';
import { formatYaml, loadConfig } from '../../src/config.ts';
import { checkAll, countRows, type Verdict } from './check.ts';
import { causeFaults } from './faults.ts';
import { KeptProcess, type Victim } from './kept-process.ts';
import { createRandom } from './random.ts';
import type { Task } from './traffic.ts';

const EDGES = 8;
const INGESTS = 2;
const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');
const EDGE = join(import.meta.dirname, 'simulated-edge.ts');

export type StackOptions = Readonly<{ events: number; rounds: number; seed: number; awaySeconds: number }>;

type Servers = Awaited<ReturnType<typeof startServers>>;
type Parts = Readonly<{ edges: readonly KeptProcess[]; ingests: readonly KeptProcess[]; servers: Servers }>;

/**
 * Passages from eight simulated edges through Kafka, registry, two ingest processes, PostgreSQL and an object store, all
 * of which are killed and stopped and brought back; afterwards each must be there exactly once, and nothing else.
 */
export async function soakStack(options: StackOptions): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'alpr-soak-'));
  const began = performance.now();
  await using opened = new AsyncDisposableStack();
  const servers = await startServers(opened);
  const tasks = makeTasks(options.events);
  const parts = await startProcesses({ options, folder, servers, tasks, opened });
  const random = createRandom(options.seed);
  const report = (line: string) => console.log(`${seconds(began)} s ${line}`);
  const config = loadConfig({ file: join(folder, 'ingest-0.yaml'), environment: {}, settings: [] });
  const count = () => countRows(config);
  while ((await count()) === 0) await sleep(500);
  report('the first passages are in the database');
  await causeFaults({ ...options, classes: listVictims(parts), random, report });
  const arrived = await awaitArrival({ parts, tasks, count, report });
  report(arrived ? 'everything has arrived' : 'not everything has arrived in time');
  for (const end of [...parts.edges, ...parts.ingests].flatMap(({ ends }) => ends)) report(end);
  const passed = printVerdict(await checkAll(config, tasks));
  if (passed) opened.defer(() => rm(folder, { recursive: true, maxRetries: 5 }));
  else console.log(`kept for a look: ${folder}`);
  return passed;
}

async function startServers(opened: AsyncDisposableStack) {
  const [kafka, registry, postgres, s3] = await Promise.all([
    startKafka(),
    startRegistry(),
    startPostgres(),
    startS3(),
  ]);
  for (const server of [kafka, registry, postgres, s3]) opened.use(server);
  return { kafka, registry, postgres, s3 };
}

function makeTasks(events: number): readonly Task[] {
  const startedAt = Date.now() - (events / EDGES) * 100;
  return Array.from({ length: EDGES }, (_, edge) => ({
    edge,
    share: Math.floor(events / EDGES) + (edge < events % EDGES ? 1 : 0),
    startedAt: Math.floor(startedAt),
  }));
}

async function startProcesses(given: {
  options: StackOptions;
  folder: string;
  servers: Servers;
  tasks: readonly Task[];
  opened: AsyncDisposableStack;
}): Promise<Parts> {
  const { options, folder, servers, tasks, opened } = given;
  const start = async (name: string, args: (config: string) => readonly string[]): Promise<KeptProcess> => {
    const config = join(folder, `${name}.yaml`);
    await mkdir(join(folder, name));
    await writeFile(config, formatYaml(createConfig(join(folder, name), servers)));
    const kept = opened.use(new KeptProcess({ name, args: args(config), logFile: join(folder, `${name}.log`) }));
    await kept.restart();
    return kept;
  };
  // Traffic goes on for most of the time that the faults take, a little more than half of the longest each.
  const duration = options.rounds * (1 + 0.7 * options.awaySeconds);
  const ingests = await Promise.all(
    Array.from({ length: INGESTS }, (_, at) =>
      start(`ingest-${at}`, (config) => [PROGRAM, '--config', config, 'ingest']),
    ),
  );
  const edges = await Promise.all(
    tasks.map((task) => {
      const perSecond = String(Math.max(1, task.share / duration));
      return start(`edge-${task.edge}`, (config) => [EDGE, config, JSON.stringify(task), perSecond]);
    }),
  );
  return { edges, ingests, servers };
}

function createConfig(data: string, { kafka, registry, postgres, s3 }: Servers): object {
  return {
    data,
    log: { level: 'warn' },
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
  };
}

/** The broker, the database, the registry, the object store, ingest twice as often, and the edges. */
function listVictims({ edges, ingests, servers }: Parts): readonly (readonly Victim[])[] {
  const controls = Object.entries(servers).map(([name, { control }]) => [victimOf(name, control)]);
  return [...controls, ingests, ingests, edges];
}

function victimOf(name: string, control: ServerControl): Victim {
  return {
    name,
    kill: () => control.kill(),
    pause: () => control.pause(),
    resume: () => control.resume(),
    restart: () => control.restart(),
  };
}

/** Until every edge has sent all and the database has as many rows; false when nothing has changed for two minutes. */
async function awaitArrival(options: {
  parts: Parts;
  tasks: readonly Task[];
  count: () => Promise<number>;
  report: (line: string) => void;
}): Promise<boolean> {
  const { parts, tasks, count, report } = options;
  const wanted = tasks.reduce((sum, { share }) => sum + share, 0);
  let [rows, unchanged] = [-1, performance.now()];
  while (performance.now() - unchanged < 120_000) {
    const before = rows;
    rows = await count();
    if (rows !== before) unchanged = performance.now();
    const sent = parts.edges.every(({ lastLine }, at) => isDone(lastLine, tasks[at] as Task));
    if (sent && rows >= wanted) {
      // Dead letters and revisions of the last batch.
      await sleep(3000);
      return true;
    }
    if (rows !== before) report(`${rows} of ${wanted} passages in the database`);
    await sleep(1000);
  }
  return false;
}

function isDone(line: string, { share }: Task): boolean {
  if (!line.endsWith('}')) return false;
  const { produced, waiting, pictures } = JSON.parse(line) as { produced: number; waiting: number; pictures: number };
  return produced === share && waiting === 0 && pictures === 0;
}

function printVerdict({ sent, wrong }: Verdict): boolean {
  console.table({ ...prefixed('sent: ', sent), ...wrong });
  return Object.values(wrong).every((count) => count === 0);
}

function prefixed(prefix: string, counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [prefix + name, count]));
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(0).padStart(4);
}
