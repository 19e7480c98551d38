import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { alertsService } from '../../src/alerts/service.ts';
import { formatYaml, loadConfig } from '../../src/app/config.ts';
import { openServices } from '../../src/app/run.ts';
import { createLog } from '../../src/base/log.ts';
import type { Alert } from '../../src/contract/alert.ts';
import { edgeService } from '../../src/edge/service.ts';
import { startPostgres } from '../../tools/servers/postgres.ts';
import { printRows, type Row } from '../row.ts';

const PASSAGES = 40;
const CAMERA = { kind: 'simulator', id: 'gate', passages: PASSAGES, night: false, fps: 10, lanes: 1 };
/** A gate acts on an early read that is this probable. */
const PROBABLE = 0.9;
/** Alerts of the last passages are on their way when the camera ends. */
const LAST_MS = 3000;

/** From the frame that first shows a plate until a gate is told of it, all in one process: camera, networks, bus, rules, webhook. */
export async function measureGate(): Promise<readonly Row[]> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'bench-gate-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const postgres = opened.use(await startPostgres());
  /** When the gate first heard of a plate, and when it was first found in a picture; milliseconds since the epoch. */
  const heard = new Map<string, Readonly<{ at: number; found: number }>>();
  const url = await openGate(opened, ({ passage }) => {
    if (!passage || heard.has(passage.plate)) return;
    heard.set(passage.plate, { at: Date.now(), found: Date.parse(passage.detected_at) });
  });
  await runGate({ folder, database: postgres.url, gate: url });
  const shown = await readTruth(folder);
  const told = shown.flatMap((one) => {
    const gate = heard.get(one.text);
    return gate === undefined ? [] : [{ ...gate, shown: firstFrameOf(one) }];
  });
  const who = `(${told.length} of ${shown.length} passages, p ≥ ${PROBABLE}, ${CAMERA.fps} frames/s)`;
  return [
    ...describe(
      `frame that first shows the plate → webhook received ${who}`,
      told.map(({ at, shown }) => at - shown),
    ),
    ...describe(
      'frame in which the plate is first found → webhook received',
      told.map(({ at, found }) => at - found),
    ),
  ];
}

function describe(what: string, delays: readonly number[]): readonly Row[] {
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return [
    { what: `${what}, median`, value: at(0.5), unit: 'ms' },
    { what: `${what}, p99`, value: at(0.99), unit: 'ms' },
  ];
}

/** The simulated road is there between frames, too. */
function firstFrameOf({ enteredAt, enteredMediaTime }: Shown): number {
  const period = 1000 / CAMERA.fps;
  return enteredAt + Math.ceil(enteredMediaTime / period) * period - enteredMediaTime;
}

/** Lets all vehicles pass, in real time. */
async function runGate({
  folder,
  ...given
}: Readonly<{ folder: string; database: string; gate: string }>): Promise<void> {
  const rule = { id: 'all', name: 'All', match: { every_passage: true }, act_at: { provisional: PROBABLE } };
  const channel = { id: 'gate', name: 'Gate', kind: 'webhook', url: given.gate, per_minute: 100_000 };
  const rules = join(folder, 'rules.yaml');
  const file = join(folder, 'alpr.yaml');
  await writeFile(rules, formatYaml({ rules: [{ ...rule, channels: ['gate'] }], channels: [channel] }));
  const config = {
    data: folder,
    cameras: [CAMERA],
    database: { kind: 'postgres', url: given.database },
    alerts: { rules_file: rules },
    channels: { allow: ['127.0.0.1'] },
  };
  await writeFile(file, formatYaml(config));
  const services = [alertsService, edgeService];
  await using running = await openServices({
    config: loadConfig({ file, environment: {}, settings: [] }),
    command: 'start',
    services,
    log: createLog({ level: 'silent' }),
  });
  await running.byName.get('edge')?.ended;
  await sleep(LAST_MS);
}

async function openGate(opened: AsyncDisposableStack, onAlert: (alert: Alert) => void): Promise<string> {
  const server = createServer(async (request, response) => {
    const { data } = (await json(request)) as Readonly<{ data: Alert }>;
    onAlert(data);
    response.end('open');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.defer(async () => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/open`;
}

type Shown = Readonly<{ text: string; enteredAt: number; enteredMediaTime: number }>;

/** What the simulated road showed: each plate, and when it was first in the picture. */
async function readTruth(folder: string): Promise<readonly Shown[]> {
  const lines = await readFile(join(folder, 'simulator', `${CAMERA.id}.truth.jsonl`), 'utf8');
  return lines
    .trim()
    .split('\n')
    .map((line): Shown => JSON.parse(line));
}

if (import.meta.main) printRows(await measureGate());
