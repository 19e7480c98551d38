import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { printRows } from './row.ts';

/**
 * What a new user waits for: clones this repository into a temporary folder, runs `npm start` there twice, and says when
 * the packages were installed, the address printed and the first plate served, and how much disk it took.
 */
const ROOT = join(import.meta.dirname, '..');
const folder = await mkdtemp(join(tmpdir(), 'alpr-first-'));
const clone = join(folder, 'ovr-alpr');
execFileSync('git', ['clone', '--quiet', ROOT, clone]);
const first = await timeStart();
const installed = countMegabytes(join(clone, 'node_modules'));
const second = await timeStart();
printRows([
  { what: 'first npm start: packages installed and page built', value: first.prepared, unit: 's' },
  { what: 'first npm start: address printed, after that', value: first.address - first.prepared, unit: 's' },
  { what: 'first npm start: first plate served, after the address', value: first.plate - first.address, unit: 's' },
  { what: 'second npm start: address printed', value: second.address, unit: 's' },
  {
    what: 'second npm start: first new plate served, after the address',
    value: second.plate - second.address,
    unit: 's',
  },
  { what: 'packages on disk', value: installed, unit: 'MB' },
  { what: 'data folder after both starts', value: countMegabytes(join(clone, 'data')), unit: 'MB' },
]);
await rm(folder, { recursive: true });

/** Seconds from the command to each milestone. */
async function timeStart(): Promise<{ prepared: number; address: number; plate: number }> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const since = new Date().toISOString();
  const child = spawn('npm', ['start', '--', '--port', '0'], { cwd: clone, env: plainEnvironment(), detached: true });
  let output = '';
  let prepared = 0;
  const note = (chunk: Buffer) => {
    output += chunk.toString();
    if (prepared === 0 && output.includes('src/cli.ts start')) prepared = seconds();
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  while (!/running: http/.test(output)) await sleep(20);
  const address = seconds();
  const url = /running: (http:\/\/[^\s/]+)/.exec(output)?.[1];
  while (!(await hasPlate(`${url}/events/recent?limit=1`, since))) await sleep(50);
  const plate = seconds();
  process.kill(-(child.pid as number), 'SIGINT');
  await once(child, 'exit');
  return { prepared, address, plate };
}

async function hasPlate(url: string, since: string): Promise<boolean> {
  const { events } = (await (await fetch(url)).json()) as { events: { detected_at: string }[] };
  return (events[0]?.detected_at ?? '') >= since;
}

/** The environment of a user who has only npm and some Node: nothing of this checkout. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? '').split(':').filter((part) => !part.includes('node_modules'));
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  return { ...Object.fromEntries(own), PATH: path.join(':') };
}

function countMegabytes(path: string): number {
  return Number(execFileSync('du', ['-sm', path]).toString().split('\t')[0]);
}
