import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildImage, openNodeImage, requireDocker, weighImage } from '../tools/compose/node-image.ts';
import { printRows, type Row } from './row.ts';

/**
 * What a new user waits for, and how much disk it takes, measured on the commit that is checked out:
 *   node bench/first-start.ts           clones the repository and runs `npm start` there twice
 *   node bench/first-start.ts --bare    runs `npm start` in a container of Debian with Node 20 and npm alone, as an ordinary user
 *   node bench/first-start.ts --image   builds the image of deploy/Dockerfile and runs `start` in it
 */
type Start = Readonly<{
  command: string;
  args: readonly string[];
  folder?: string;
  archive?: Buffer;
  /** The command that runs `alpr` beside it. */
  alpr: readonly [string, ...string[]];
}>;

/** Seconds from the command to the packages, to the address and to the first plate, for which a token is made first. */
type Milestones = Readonly<{ prepared: number; address: number; plate: number }>;

const ROOT = join(import.meta.dirname, '..');
const OLDEST = { node: '20.20.2', npm: '10.9.9' };
const OWN = { node: process.versions.node, npm: '11.21.2' };
const CONTAINER = `ovr-alpr-trial-${process.pid}`;
const DOCKER_RUN = ['run', '--rm', '--interactive', '--init', '--network', 'host', '--name', CONTAINER];

const { values: asked } = parseArgs({ options: { bare: { type: 'boolean' }, image: { type: 'boolean' } } });
if (asked.bare || asked.image) requireDocker();
if (asked.bare) printRows(await measureBare());
if (asked.image) printRows(await measureImage());
if (!asked.bare && !asked.image) printRows(await measureClone());

async function measureClone(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'alpr-first-'));
  const clone = join(folder, 'ovr-alpr');
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
  const start = { command: 'npm', args: ['start', '--', '--port', '0'], folder: clone, alpr: ['npx', 'alpr'] } as const;
  const size = (name: string) => countMegabytes('du', ['-sm', join(clone, name)]);
  const first = await timeStart(start, () => size('node_modules'));
  const second = await timeStart(start, () => size('data'));
  await rm(folder, { recursive: true });
  return [
    ...describeFirst('first npm start', first),
    { what: 'second npm start: address printed', value: second.address, unit: 's' },
    {
      what: 'second npm start: first new plate served, after the address',
      value: second.plate - second.address,
      unit: 's',
    },
    { what: 'packages on disk', value: first.size, unit: 'MB' },
    { what: 'data folder after both starts', value: second.size, unit: 'MB' },
  ];
}

async function measureBare(): Promise<readonly Row[]> {
  const image = openNodeImage(OLDEST);
  const archive = execFileSync('git', ['archive', 'HEAD'], { cwd: ROOT, maxBuffer: 2 ** 30 });
  const script = 'mkdir ovr-alpr && cd ovr-alpr && tar x && exec npm start -- --port 0';
  const args = [...DOCKER_RUN, '--user', 'node', '--workdir', '/home/node', image, 'sh', '-c', script];
  const alpr = ['docker', 'exec', '--workdir', '/home/node/ovr-alpr', CONTAINER, 'npx', 'alpr'] as const;
  const first = await timeStart({ command: 'docker', args, archive, alpr }, () =>
    countMegabytes('docker', ['exec', CONTAINER, 'du', '-sm', '/home/node/ovr-alpr/node_modules']),
  );
  return [
    ...describeFirst('bare container', first),
    { what: 'bare container: packages on disk', value: first.size, unit: 'MB' },
  ];
}

async function measureImage(): Promise<readonly Row[]> {
  const image = 'ovr-alpr-trial:image';
  const base = ['--build-arg', `NODE_IMAGE=${openNodeImage(OWN)}`];
  buildImage(image, [...base, '--file', join(ROOT, 'deploy', 'Dockerfile'), ROOT]);
  // As deploy/compose.yaml runs it.
  const confined = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
  const args = [...DOCKER_RUN, ...confined, image, 'start', '--port', '0'];
  const alpr = ['docker', 'exec', CONTAINER, 'node', '/app/bin/alpr.js'] as const;
  const { address, plate } = await timeStart({ command: 'docker', args, alpr }, () => 0);
  const { unpacked, compressed } = await weighImage(image);
  return [
    { what: 'image: address printed', value: address, unit: 's' },
    { what: 'image: first plate served, after the address', value: plate - address, unit: 's' },
    { what: 'image: size unpacked', value: unpacked / 1e6, unit: 'MB' },
    { what: 'image: size compressed (docker save | gzip)', value: compressed / 1e6, unit: 'MB' },
  ];
}

function describeFirst(what: string, { prepared, address, plate }: Milestones): readonly Row[] {
  return [
    { what: `${what}: packages installed and page built`, value: prepared, unit: 's' },
    { what: `${what}: address printed, after that`, value: address - prepared, unit: 's' },
    { what: `${what}: first plate served, after the address`, value: plate - address, unit: 's' },
  ];
}

/** Starts the system, waits for its first plate, weighs it and stops it. */
async function timeStart(start: Start, weigh: () => number): Promise<Milestones & { size: number }> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const since = new Date().toISOString();
  const child = spawn(start.command, start.args, { cwd: start.folder, env: plainEnvironment(), detached: true });
  child.stdin.end(start.archive);
  let output = '';
  let prepared = 0;
  const note = (chunk: Buffer) => {
    output += chunk.toString();
    if (prepared === 0 && output.includes('bin/alpr.js start')) prepared = seconds();
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  while (!/running: http/.test(output)) {
    if (child.exitCode !== null) throw new Error(`The system ended before it was running:\n${output}`);
    await sleep(20);
  }
  const address = seconds();
  const url = /running: (http:\/\/[^\s/]+)/.exec(output)?.[1];
  const authorization = createAuthorization(start);
  while (!(await hasPlate(`${url}/events/recent?limit=1`, { since, authorization }))) await sleep(50);
  const plate = seconds();
  const size = weigh();
  if (start.command === 'docker') execFileSync('docker', ['kill', CONTAINER]);
  else if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  await once(child, 'exit');
  return { prepared, address, plate, size };
}

type Asked = Readonly<{ since: string; authorization: string }>;

async function hasPlate(url: string, { since, authorization }: Asked): Promise<boolean> {
  const { events } = (await (await fetch(url, { headers: { authorization } })).json()) as {
    events: { detected_at: string }[];
  };
  return (events[0]?.detected_at ?? '') >= since;
}

/** Makes a token beside the running system, as its administrator would. */
function createAuthorization({ alpr: [command, ...args], folder }: Start): string {
  const asked = ['tokens', 'create', '--name', 'trial', '--permissions', 'events:read', '--expires', 'never'];
  return `Bearer ${execFileSync(command, [...args, ...asked], { cwd: folder, env: plainEnvironment() })
    .toString()
    .trim()}`;
}

/** The environment of a user who has only npm and some Node: nothing of this checkout. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? '').split(':').filter((part) => !part.includes('node_modules'));
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  return { ...Object.fromEntries(own), PATH: path.join(':') };
}

function countMegabytes(command: string, args: readonly string[]): number {
  return Number(execFileSync(command, args).toString().split('\t')[0]);
}
