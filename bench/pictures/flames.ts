import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PROGRAM_FOLDER } from '../../src/app/version.ts';
import { FLAMES_HEADING, formatTable, replaceSection } from '../../tools/evaluate/format-page.ts';
import { timeWithChildren } from '../process-time.ts';
import { drawFlames } from './draw-flames.ts';
import { foldSamples, nameStage, parseSamples, type Sample, splitOperators } from './fold-samples.ts';
import { describePresent } from './list-chains.ts';
import { listMixedPictures } from './mixed-list.ts';

const HELP = `node bench/pictures/flames.ts [options]: what \`alpr read\` does all the time, as a flame graph and a table

It samples all threads with Linux perf, which must be installed, once per millisecond of processor time.

  --data FOLDER   where the sets of the mixed list lie (default ../shared/data)
  --each N        pictures of each kind (default 40)
  --write         docs/notes/flames.svg, and the table into docs/notes/measurements-recognition.md
`;

const NOTES = join(PROGRAM_FOLDER, 'docs', 'notes');
const PAGE = join(NOTES, 'measurements-recognition.md');
const ALPR = join(PROGRAM_FOLDER, 'bin', 'alpr.js');
const PERIOD_MS = 1;
/** The just-in-time compiler works on for about so many pictures. */
const WARM_UP = 40;
/** Of the networks, whose operators always take the same share. */
const FOR_OPERATORS = 24;
const NETWORKS = { detector: 'alpr-detect', reader: 'alpr-read' } as const;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    each: { type: 'string', default: '40' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await watchReading();

async function watchReading(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-flames-'));
  try {
    const pictures = await listMixedPictures(resolve(values.data), folder, Number(values.each));
    const samples = await samplePictures(folder, pictures);
    const operators = await timeOperators(folder, pictures.slice(0, FOR_OPERATORS));
    const startMs = await timeStart(pictures[0] ?? '');
    const counted = pictures.length - WARM_UP;
    const table = tabulate(samples, PERIOD_MS / counted, startMs);
    process.stdout.write(`${table}\n`);
    if (!values.write) return;
    const stacks = splitOperators(foldSamples(samples), operators);
    await writeFile(join(NOTES, 'flames.svg'), drawFlames(stacks, PERIOD_MS / counted));
    const section = `${await describeRun(counted)}\n\n${table}\n\n![Flame graph of reading a picture](flames.svg)`;
    await writeFile(PAGE, replaceSection(await readFile(PAGE, 'utf8'), FLAMES_HEADING, section));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The samples of `alpr read` between the last picture that warms it up and the last of all. */
async function samplePictures(folder: string, pictures: readonly string[]): Promise<readonly Sample[]> {
  const data = join(folder, 'perf.data');
  const record = [
    'record',
    '-o',
    data,
    '-k',
    'CLOCK_MONOTONIC',
    '-e',
    'cpu-clock',
    '-c',
    `${PERIOD_MS * 1e6}`,
    '-g',
    '--',
  ];
  const node = [process.execPath, '--perf-basic-prof', '--interpreted-frames-native-stack', ALPR, 'read', '--json'];
  const times: number[] = [];
  await run('perf', [...record, ...node, ...pictures], {
    onLine: () => times.push(Number(process.hrtime.bigint()) / 1e9),
  });
  const [from = 0, to = 0] = [times[WARM_UP - 1], times.at(-1)];
  const text = await run('perf', ['script', '-i', data, '-F', 'comm,tid,time,ip,sym,dso']);
  return parseSamples(text).filter(({ seconds }) => seconds >= from && seconds <= to);
}

/** Microseconds of each kind of operator in each network. */
async function timeOperators(folder: string, pictures: readonly string[]) {
  const preload = new URL('./watch-operators.ts', import.meta.url).href;
  const env = { ...process.env, OVR_ALPR_OPERATORS: folder };
  await run(process.execPath, ['--import', preload, ALPR, 'read', '--json', ...pictures], { env });
  const ofNetwork = Object.entries(NETWORKS).map(async ([stage, network]) => {
    const [file = ''] = await Array.fromAsync(glob(join(folder, `${network}_*.json`)));
    const events: readonly Event[] = JSON.parse(await readFile(file, 'utf8'));
    const times = new Map<string, number>();
    for (const { cat, dur, args } of events) {
      if (cat !== 'Node' || args?.op_name === undefined) continue;
      times.set(args.op_name, (times.get(args.op_name) ?? 0) + dur);
    }
    return [stage, times] as const;
  });
  return Object.fromEntries(await Promise.all(ofNetwork));
}

type Event = Readonly<{ cat: string; dur: number; args?: Readonly<{ op_name?: string }> }>;

/** Milliseconds of processor time of `alpr read` over one picture, the least of three; the first fills the cache of compiled code. */
async function timeStart(picture: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    times.push((await timeWithChildren([process.execPath, ALPR, 'read', '--json', picture])).seconds * 1000);
  }
  return Math.min(...times);
}

type Running = Readonly<{ onLine?: () => void; env?: NodeJS.ProcessEnv }>;

/** What a command writes to its standard output. */
async function run(command: string, given: readonly string[], { onLine, env }: Running = {}): Promise<string> {
  const child = spawn(command, given, { stdio: ['ignore', 'pipe', 'ignore'], env });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => {
    parts.push(part);
    for (const byte of part) if (byte === 10) onLine?.();
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${given.slice(0, 4).join(' ')}`);
  return Buffer.concat(parts).toString();
}

function tabulate(samples: readonly Sample[], perSample: number, startMs: number): string {
  const stages = Map.groupBy(samples, nameStage);
  const rows = [...stages].toSorted(([, a], [, b]) => b.length - a.length);
  const show = (name: string, count: number) => [
    name,
    (count * perSample).toFixed(2),
    `${((100 * count) / samples.length).toFixed(1)} %`,
  ];
  return formatTable(
    ['part', 'ms a picture', 'share'],
    [
      ...rows.map(([name, { length }]) => show(name, length)),
      show('a picture', samples.length),
      ['once: start and the first picture', startMs.toFixed(0), ''],
    ],
  );
}

async function describeRun(pictures: number): Promise<string> {
  const machine = `${cpus().length} cores of ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
  return `Written by \`node bench/pictures/flames.ts --write\` on ${new Date().toISOString().slice(0, 10)}, ${await describePresent()}, ${machine}: processor time of all threads of \`alpr read --json\` over ${pictures}
pictures of the mixed list, after ${WARM_UP} that warm it up. *Detector* and *reader* are their threads, ONNX Runtime and the copies around it; *boxes* makes detections of what the detector gives, *ranking*
texts of what the reader gives; *compiling* is V8's, which goes on for some hundreds of pictures. Operators of the networks are shared out by ONNX Runtime's own profile.`;
}
