import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { OutgoingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '../../src/base/log.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { busConfigSchema } from '../../src/bus/config.ts';
import { openKafka } from '../../src/bus/open.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { createAuthorization } from '../../tools/servers/api-token.ts';
import { whyMissing } from '../../tools/servers/cache.ts';
import { startKafka } from '../../tools/servers/kafka.ts';
import { findFreePorts } from '../../tools/servers/ports.ts';
import { startPostgres } from '../../tools/servers/postgres.ts';
import { startRegistry } from '../../tools/servers/registry.ts';
import { KeptProcess } from '../../tools/soak/kept-process.ts';
import { readMemory, readProcessorSeconds } from '../../tools/soak/process.ts';
import { listDescendants } from '../../tools/soak/process-tree.ts';
import { printRows, type Row } from '../row.ts';
import { measure } from './load-client.ts';
import { makeEvents, quantile } from './store.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');
const [CAMERAS, SITES] = [10_000, 100];
/** What waits when ingest starts. */
const BACKLOG = 100_000;
const AT_ONCE_MS = 100;
const REQUESTS_A_SECOND = 5;
/** Of 10,000 cameras with 1,000 events a day each and two revisions: the mean, the busiest hour; and the busiest hour of 5,000 events. */
const RATES = [231, 694, 3472];
const PATHS = {
  'newest events': '/api/v1/events/recent?limit=50',
  'events of a camera': '/api/v1/events/camera/cam-4711?limit=50',
  'search by the beginning': '/api/v1/events/search?q=AB*&limit=50',
  statistics: '/api/v1/stats',
};

type Figures = Readonly<{ pid: () => number }>;
type Bench = Readonly<{
  bus: Bus;
  metrics: () => Promise<string>;
  url: string;
  headers: OutgoingHttpHeaders;
  processes: ReadonlyMap<string, Figures>;
}>;

/** The back end alone, as processes of their own on real servers of this machine, under the events of 10,000 cameras at 100 sites. */
export async function run({ seconds = 60 }: Readonly<{ seconds?: number }> = {}): Promise<readonly Row[]> {
  const missing = (['kafka', 'registry'] as const).flatMap((name) => whyMissing(name) ?? []);
  if (missing.length > 0) throw new Error(missing.join('; '));
  await using opened = new AsyncDisposableStack();
  const bench = await openBench(opened);
  const rows = [...(await measureBacklog(bench))];
  for (const rate of RATES) rows.push(...(await measureRate(bench, { rate, seconds })));
  return rows;
}

async function openBench(opened: AsyncDisposableStack): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-sites-'));
  opened.defer(() => rm(folder, { recursive: true, maxRetries: 5 }));
  const [kafka, registry, postgres] = await Promise.all([startKafka(), startRegistry(), startPostgres()]);
  for (const server of [kafka, registry, postgres]) opened.use(server);
  const [api = 0, health = 0] = await findFreePorts(2);
  const given = { kind: 'kafka', brokers: [...kafka.brokers], registry: { url: registry.url } };
  const settings = {
    bus: given,
    database: { kind: 'postgres', url: postgres.url },
    server: { port: api, requests_per_minute: 1_000_000 },
    health: { ingest: health },
  };
  const start = async (name: string) => {
    const file = join(folder, `${name}.yaml`);
    await mkdir(join(folder, name));
    await writeFile(file, JSON.stringify({ data: join(folder, name), ...settings }));
    const args = [PROGRAM, '--config', file, name];
    const kept = opened.use(new KeptProcess({ name, args, logFile: join(folder, `${name}.log`) }));
    await kept.restart();
    return kept;
  };
  const serve = await start('serve');
  const url = `http://127.0.0.1:${api}`;
  await awaitHealth(url);
  const config = busConfigSchema.parse(given);
  if (config.kind !== 'kafka') throw new Error('Expected a bus on Kafka');
  const log = createLog({ level: 'error' });
  const { bus } = opened.use(await openKafka({ config, dataFolder: folder, log, telemetry: new Telemetry() }));
  await publish(bus, BACKLOG);
  const ingest = await start('ingest');
  const metrics = async () => (await fetch(`http://127.0.0.1:${health}/metrics`)).text();
  return {
    bus,
    metrics: () => metrics().catch(() => ''),
    url,
    headers: { authorization: await createAuthorization(['--config', join(folder, 'serve.yaml')]) },
    processes: new Map<string, Figures>([
      ['alpr ingest', { pid: () => ingest.pid ?? 0 }],
      ['alpr serve', { pid: () => serve.pid ?? 0 }],
      ['PostgreSQL', { pid: () => postgres.control.pid }],
      ['Kafka', { pid: () => kafka.control.pid }],
    ]),
  };
}

async function measureBacklog({ metrics }: Bench): Promise<readonly Row[]> {
  const first = await awaitWritten(metrics, 1);
  const began = performance.now();
  const all = await awaitWritten(metrics, BACKLOG);
  const rate = (1000 * (all - first)) / (performance.now() - began);
  return [
    {
      what: `backlog of ${BACKLOG.toLocaleString('en-GB')} events: taken into the database`,
      value: rate,
      unit: 'events/s',
    },
  ];
}

async function measureRate(
  bench: Bench,
  { rate, seconds }: Readonly<{ rate: number; seconds: number }>,
): Promise<readonly Row[]> {
  const { bus, metrics, url, headers, processes } = bench;
  const before = await readWritten(metrics);
  const used = await readUse(processes);
  const began = performance.now();
  let [sent, worst, isOver] = [0, 0, false];
  const watching = (async () => {
    while (!isOver) {
      worst = Math.max(worst, sent - ((await readWritten(metrics)) - before));
      await sleep(1000);
    }
  })();
  const load = { rate: REQUESTS_A_SECOND, seconds, callers: [headers] };
  const asking = Promise.all(
    Object.entries(PATHS).map(async ([name, path]) => [name, await measure(url + path, load).catch(String)] as const),
  );
  while (performance.now() - began < seconds * 1000) {
    const due = Math.floor(((performance.now() - began) / 1000) * rate);
    if (due > sent) await publish(bus, due - sent);
    sent = Math.max(sent, due);
    await sleep(AT_ONCE_MS);
  }
  const times = await asking;
  const sending = (performance.now() - began) / 1000;
  const atEnd = sent - ((await readWritten(metrics)) - before);
  isOver = true;
  await watching;
  const use = await readUse(processes);
  const what = `${rate} events/s`;
  return [
    { what: `${what}: behind at most`, value: worst, unit: 'events' },
    { what: `${what}: behind at the end`, value: Math.max(0, atEnd), unit: 'events' },
    ...times.flatMap(([name, all]) =>
      typeof all === 'string'
        ? [{ what: `${what}: ${name}: ${all}`, value: 1, unit: 'fault' }]
        : [
            { what: `${what}: ${name}, p50`, value: quantile(all, 0.5), unit: 'ms' },
            { what: `${what}: ${name}, p99`, value: quantile(all, 0.99), unit: 'ms' },
          ],
    ),
    ...[...use].flatMap(([name, { seconds: now, memory }]) => [
      { what: `${what}: ${name}`, value: (now - (used.get(name)?.seconds ?? 0)) / sending, unit: 'cores' },
      { what: `${what}: ${name}`, value: memory, unit: 'MB' },
    ]),
  ];
}

let published = 0;

/** Reads of all cameras in turn, each with an id and a plate of its own. */
async function publish(bus: Bus, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 2000) {
    const events = makeEvents(Math.min(left, 2000), ++published);
    await bus.publish('plates', events.map(place));
  }
}

function place(event: PlateEvent, at: number): PlateEvent {
  const camera = (published * 2000 + at) % CAMERAS;
  const camera_id = `cam-${camera}`;
  return { ...event, site_id: `site-${camera % SITES}`, camera_id, camera_name: camera_id };
}

async function awaitWritten(metrics: () => Promise<string>, count: number): Promise<number> {
  for (;;) {
    const written = await readWritten(metrics);
    if (written >= count) return written;
    await sleep(100);
  }
}

async function readWritten(metrics: () => Promise<string>): Promise<number> {
  return Number(/^alpr_ingested_total\{outcome="written"\} (\d+)/m.exec(await metrics())?.[1] ?? 0);
}

async function awaitHealth(url: string): Promise<void> {
  while (
    !(await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await sleep(200);
}

async function readUse(processes: ReadonlyMap<string, Figures>) {
  const use = new Map<string, Readonly<{ seconds: number; memory: number }>>();
  for (const [name, { pid }] of processes) {
    const all = [pid(), ...(await listDescendants(pid()))];
    const seconds = await Promise.all(all.map((one) => readProcessorSeconds(one).catch(() => 0)));
    const memory = await Promise.all(all.map((one) => readOwnMemory(one).catch(() => 0)));
    use.set(name, { seconds: sum(seconds), memory: sum(memory) });
  }
  return use;
}

/** Proportional, so that what PostgreSQL's processes share counts once, megabytes. */
async function readOwnMemory(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const pss = /^Pss:\s+(\d+)/m.exec(rollup)?.[1];
  return pss === undefined ? readMemory(pid) : Number(pss) / 1024;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

if (import.meta.main) printRows(await run({ seconds: Number(process.argv[2] ?? 60) }));
