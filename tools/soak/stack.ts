import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/app/config.ts';
import { createRandom } from '../../src/base/random.ts';
import { createAuthorization } from '../servers/api-token.ts';
import { checkStored, listSent } from './check.ts';
import { checkServices } from './check-services.ts';
import { AT_ONCE, causeFaults, type Hits } from './faults.ts';
import type { KeptProcess } from './kept-process.ts';
import { Launcher, listVictims, type Processes, RESTART_MS, type Servers, startServers } from './parts.ts';
import { type Fault, planFaults } from './plan.ts';
import { awaitArrival, awaitFirst } from './progress.ts';
import type { Task } from './traffic.ts';
import { printVerdict } from './verdict.ts';

const EDGES = 8;

export type StackOptions = Readonly<{ events: number; rounds: number; seed: number; awaySeconds: number }>;

/**
 * Passages from eight simulated edges through Kafka, registry, ingest, PostgreSQL, index, OpenSearch and an object store, all
 * of which are killed and stopped and brought back; afterwards each must be there exactly once, and nothing else.
 */
export async function soakStack(options: StackOptions): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'alpr-soak-'));
  const began = performance.now();
  const report = (line: string) => console.log(`${seconds(began)} s ${line}`);
  await using opened = new AsyncDisposableStack();
  const servers = await startServers(opened);
  const launcher = await Launcher.open(opened, folder, servers);
  const processes = await launcher.startServices();
  const config = loadConfig({ file: launcher.fileOf('serve'), environment: {}, settings: [] });
  const { tasks, edges, plan } = await startTraffic({ options, launcher, servers, processes });
  await awaitFirst(config);
  report('the first passages are in the database');
  const hits = await causeFaults(plan, report);
  const arrived = await awaitArrival({ config, edges, tasks, report });
  report(arrived ? 'everything has arrived' : 'not everything has arrived in time');
  await loseServersOnceMore(servers, report);
  const sent = listSent(tasks);
  const authorization = await createAuthorization(['--config', launcher.fileOf('serve')]);
  const wrong = {
    ...(await checkServices({ ...launcher.urls, authorization }, sent.newest)),
    ...(await checkStored(config, sent)),
  };
  const ends = listEnds(servers, [...Object.values(processes).flat(), ...edges]);
  for (const end of ends) report(end);
  const minutes = (performance.now() - began) / 60_000;
  const passed = printVerdict({
    seed: options.seed,
    minutes,
    hits: withTotals(hits),
    sent,
    wrong: { ...wrong, 'processes that ended by themselves': ends.length },
  });
  if (passed && arrived) opened.defer(() => rm(folder, { recursive: true, maxRetries: 5 }));
  else console.log(`kept for a look: ${folder}`);
  return passed && arrived;
}

/** Edges that send for most of the time that the faults take. */
async function startTraffic(given: {
  options: StackOptions;
  launcher: Launcher;
  servers: Servers;
  processes: Processes;
}): Promise<{ tasks: readonly Task[]; edges: readonly KeptProcess[]; plan: readonly Fault[] }> {
  const { launcher, options } = given;
  const tasks = makeTasks(options.events);
  const duration = (options.rounds * options.awaySeconds * 1.7) / AT_ONCE + options.rounds;
  const edges = await Promise.all(
    tasks.map((task) =>
      launcher.startEdge(`edge-${task.edge}`, JSON.stringify(task), Math.max(1, task.share / duration)),
    ),
  );
  const { next: random } = createRandom(options.seed);
  return { tasks, edges, plan: planFaults({ ...options, classes: listVictims({ ...given, edges }), random }) };
}

/** The passages shared out among the edges. */
export function makeTasks(events: number): readonly Task[] {
  const startedAt = Date.now() - (events / EDGES) * 100;
  return Array.from({ length: EDGES }, (_, edge) => ({
    edge,
    share: Math.floor(events / EDGES) + (edge < events % EDGES ? 1 : 0),
    startedAt: Math.floor(startedAt),
  }));
}

/** What was said to be kept must be on the disk, and our processes must go on without being started again. */
async function loseServersOnceMore(servers: Servers, report: (line: string) => void): Promise<void> {
  report('all servers are killed once more');
  const controls = Object.values(servers).map(({ control }) => control);
  await Promise.all(controls.map((control) => control.kill()));
  await Promise.all(controls.map((control) => control.restart(RESTART_MS)));
}

function listEnds(servers: Servers, processes: readonly KeptProcess[]): readonly string[] {
  const ended = Object.entries(servers).filter(([, { control }]) => !control.isRunning);
  return [
    ...processes.flatMap(({ ends }) => ends),
    ...ended.map(([name, { control }]) => `${name} ended by itself: see ${control.logFile}`),
  ];
}

function withTotals(hits: Hits): Hits {
  const all = [...hits.values()];
  const sum = (how: 'killed' | 'stopped') => all.reduce((total, one) => total + one[how], 0);
  return new Map([...hits, ['all', { killed: sum('killed'), stopped: sum('stopped') }]]);
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(0).padStart(4);
}
