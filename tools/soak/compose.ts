import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatYaml, loadConfig } from '../../src/app/config.ts';
import { createRandom } from '../../src/base/random.ts';
import { Composition } from '../compose/composition.ts';
import { openEngine } from '../compose/engine.ts';
import { checkStored, listSent } from './check.ts';
import { KeptProcess } from './kept-process.ts';
import { awaitArrival, awaitFirst } from './progress.ts';
import { makeTasks } from './stack.ts';
import { printVerdict } from './verdict.ts';

const EDGE = join(import.meta.dirname, 'simulated-edge.ts');
/** Between two kills, seconds: a container may be killed again before it is healthy. */
const PAUSE_S = { least: 3, most: 20 };

/**
 * Sends passages of eight simulated edges through the services of Docker Compose, while it kills (-9) one random container after the
 * other and Docker restarts it. Afterwards each passage must be stored exactly once. It uses the images that `npm run test:compose` builds.
 */
export async function soakCompose(
  options: Readonly<{ events: number; minutes: number; seed: number }>,
): Promise<boolean> {
  const began = performance.now();
  const report = (line: string) =>
    console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s ${line}`);
  await using opened = new AsyncDisposableStack();
  opened.use(await openEngine());
  const composition = opened.use(await Composition.open());
  await composition.set('SEARCH', 'opensearch');
  report(`the composition is up after ${(await composition.up('core', 'search')).toFixed(0)} s`);
  const tasks = makeTasks(options.events);
  const edges = await Promise.all(
    tasks.map(async (task) => {
      const file = await writeConfig(composition, `edge-${task.edge}`);
      const perSecond = Math.max(1, task.share / (options.minutes * 60));
      const args = [EDGE, file, JSON.stringify(task), String(perSecond)];
      const edge = opened.use(new KeptProcess({ name: `edge-${task.edge}`, args, logFile: `${file}.log` }));
      await edge.restart();
      return edge;
    }),
  );
  const config = loadConfig({ file: await writeConfig(composition, 'check'), environment: {}, settings: [] });
  await awaitFirst(config);
  const kills = await killAtRandom(composition, options, report);
  const arrived = await awaitArrival({ config, edges, tasks, report });
  const sent = listSent(tasks);
  const wrong = await checkStored(config, sent);
  const all = { killed: [...kills.values()].reduce((sum, count) => sum + count, 0), stopped: 0 };
  const hits = new Map([...kills].map(([name, killed]) => [name, { killed, stopped: 0 }]));
  const minutes = (performance.now() - began) / 60_000;
  return printVerdict({ seed: options.seed, minutes, hits: hits.set('all', all), sent, wrong }) && arrived;
}

async function killAtRandom(
  composition: Composition,
  { minutes, seed }: Readonly<{ minutes: number; seed: number }>,
  report: (line: string) => void,
): Promise<Map<string, number>> {
  const random = createRandom(seed);
  const kills = new Map<string, number>();
  for (const until = performance.now() + minutes * 60_000; performance.now() < until; ) {
    const running = (await composition.list()).filter(({ state }) => state === 'running');
    if (running.length > 0) {
      const { name, service } = random.pick(running);
      await composition.kill(name);
      kills.set(service, (kills.get(service) ?? 0) + 1);
      report(`${service} is killed`);
    }
    await sleep(random.between(PAUSE_S.least, PAUSE_S.most) * 1000);
  }
  return kills;
}

/** The configuration of a process of ours on this machine, from what the composition was given. */
async function writeConfig(composition: Composition, name: string): Promise<string> {
  const text = await readFile(join(composition.folder, 'deploy', '.env'), 'utf8');
  const secret = (of: string) => new RegExp(`^${of}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  const data = join(composition.folder, name);
  await mkdir(data);
  const file = join(data, 'alpr.yaml');
  const settings = {
    data,
    log: { level: 'info' },
    bus: {
      kind: 'kafka',
      brokers: ['127.0.0.1:29092'],
      sasl: { mechanism: 'PLAIN', username: 'alpr', password: secret('KAFKA_PASSWORD') },
      registry: { url: 'http://127.0.0.1:8081/apis/ccompat/v7' },
      topics: { replication: 1 },
    },
    database: { kind: 'postgres', url: `postgres://alpr:${secret('DATABASE_PASSWORD')}@127.0.0.1:5432/alpr` },
    images: {
      kind: 's3',
      endpoint: 'http://127.0.0.1:9000',
      bucket: 'alpr-pictures',
      access_key_id: secret('S3_ACCESS_KEY_ID'),
      secret_access_key: secret('S3_SECRET_ACCESS_KEY'),
    },
    search: {
      kind: 'opensearch',
      nodes: ['https://127.0.0.1:9200'],
      ...{ username: 'admin', password: secret('OPENSEARCH_PASSWORD'), replicas: 0, tls: { verify: false } },
    },
  };
  await writeFile(file, formatYaml(settings), { mode: 0o600 });
  return file;
}
