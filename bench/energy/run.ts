import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findFfmpeg } from '../../src/camera/ffmpeg-binary.ts';
import { askGstreamer } from '../../src/camera/gstreamer-elements.ts';
import { createDetector } from '../../src/vision/detect/detector.ts';
import { Letterbox } from '../../src/vision/detect/letterbox.ts';
import { createReader } from '../../src/vision/read/reader.ts';
import { openSession, readModelJson } from '../../test/vision/onnx-session.ts';
import { recordRoad } from '../edge/camera.ts';
import { timeWithChildren } from '../process-time.ts';
import { printRows, type Row } from '../row.ts';
import { readScene } from '../vision/pictures.ts';

/** What a core draws, watts, and what a kilowatt hour costs. */
export type Prices = Readonly<{ watts: number; price: number }>;

/** Thermal design power of an AMD EPYC 9654 (360 W) over its 96 cores, and a round price. */
export const PRICES: Prices = { watts: 3.75, price: 0.3 };

const PASSAGES = 4;
const EMPTY_SECONDS = 10;
/** When the one vehicle of the empty road is gone, seconds; the next would come days later. */
const GONE = 8;
const EVENTS = 10_000;
const WARM_UP = 10;
const ROUNDS = 50;
/** Revisions of an event, as sizing has them. */
const REVISIONS = 2;
/** Reads of a camera and day. */
const READS = [200, 1000, 5000];
/** Counters of energy of Intel and AMD processors; virtual machines rarely have them. */
const RAPL = '/sys/class/powercap/intel-rapl:0/energy_uj';

/**
 * Processor seconds that a read costs, from 1080p30 H.264 to the row, and what that is in energy and money. A camera costs while
 * nothing passes, too, so that the energy of a read depends on how many share the day.
 */
export async function run({ watts, price }: Prices = PRICES): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-energy-'));
  try {
    const [brief, empty, traffic] = ['brief.mp4', 'empty.mp4', 'traffic.mp4'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await recordRoad({ clip: empty, passages: 2, passagesPerMinute: 0.001, from: GONE, to: GONE + EMPTY_SECONDS });
    await cutClip(empty, brief);
    await recordRoad({ clip: traffic, passages: PASSAGES });
    const start = await runEdge(folder, brief);
    const road = (await runEdge(folder, empty)).seconds - start.seconds;
    const perSecond = road / EMPTY_SECONDS;
    const read = await readAll(traffic);
    const busy = await runEdge(folder, traffic);
    const perPassage = (busy.seconds - start.seconds - perSecond * read.media) / busy.events;
    const decoding = await measureDecoding(empty, brief);
    const networks = await measureNetworks();
    const perRow = await measureBackEnd();
    const cost = (reads: number) => (perSecond * 86_400) / reads + perPassage + REVISIONS * perRow;
    const kwh = (reads: number) => (cost(reads) * watts) / 3.6;
    return [
      ...decoding,
      { what: 'edge, empty road, 1080p30 at 10 fps: decoding, motion, detector', value: perSecond, unit: 'core s/s' },
      { what: `edge, for each passage more (${busy.events} of ${PASSAGES})`, value: perPassage, unit: 'core s' },
      {
        what: '  pictures of that traffic that the detector searched',
        value: read.searched / read.passages,
        unit: 'a passage',
      },
      { what: '  plates that were read', value: read.plates / read.passages, unit: 'a passage' },
      ...networks,
      { what: 'back end: bus → PostgreSQL, for each message', value: perRow, unit: 'core s' },
      ...READS.flatMap((reads) => [
        { what: `a read, of ${reads} a camera and day`, value: cost(reads), unit: 'core s' },
        { what: `  a million of them, at ${watts} W a core`, value: kwh(reads), unit: 'kWh' },
        { what: `  a million of them, at ${price} a kWh`, value: kwh(reads) * price, unit: 'of that money' },
      ]),
      { what: 'counter of energy (RAPL): 1 there, 0 not', value: existsSync(RAPL) ? 1 : 0, unit: '' },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The first pictures of a clip: what is left of a program's cost with them is its start. */
async function cutClip(from: string, to: string): Promise<void> {
  const { path } = await findFfmpeg();
  await promisify(execFile)(path, ['-loglevel', 'error', '-i', from, '-t', '0.3', '-c', 'copy', to]);
}

/** The real `alpr edge` over one clip, without a broker: its processor seconds, and the passages that it printed. */
async function runEdge(folder: string, clip: string): Promise<Readonly<{ seconds: number; events: number }>> {
  const camera = { kind: 'file', id: 'bench', path: clip, fps: 10 };
  const settings = [`cameras=${JSON.stringify([camera])}`, 'edge.follow_page=false', 'health.edge=0'];
  const program = fileURLToPath(new URL('../../bin/alpr.js', import.meta.url));
  const data = await mkdtemp(join(folder, 'data-'));
  const sets = settings.flatMap((setting) => ['--set', setting]);
  const { seconds, output } = await timeWithChildren([process.execPath, program, 'edge', '--data', data, ...sets]);
  const finals = output.split('\n').filter((line) => line.includes('"status":"final"'));
  return { seconds, events: finals.length };
}

async function readAll(clip: string) {
  const script = fileURLToPath(new URL('../edge/read-all.ts', import.meta.url));
  const camera = JSON.stringify({ kind: 'file', id: 'bench', path: clip, fps: 10 });
  const { output } = await timeWithChildren([process.execPath, script, camera]);
  const [passages = 0, media = 0, searched = 0, plates = 0] = output.split(' ').map(Number);
  return { passages, media, searched, plates };
}

/** Decoding alone, by each decoder that is here. */
async function measureDecoding(empty: string, brief: string): Promise<readonly Row[]> {
  const script = fileURLToPath(new URL('../camera/take-all.ts', import.meta.url));
  const decoders = ['ffmpeg', ...((await askGstreamer()) ? ['gstreamer'] : [])];
  const rows: Row[] = [];
  for (const decoder of decoders) {
    const take = async (path: string) => {
      const camera = JSON.stringify({ kind: 'file', id: 'bench', path, fps: 10, decoder });
      return (await timeWithChildren([process.execPath, script, camera])).seconds;
    };
    const value = ((await take(empty)) - (await take(brief))) / EMPTY_SECONDS;
    const ratio = value / (rows[0]?.value ?? value);
    rows.push({ what: `decoding 1080p30 at 10 fps, ${decoder}`, value, unit: 'core s/s', ratio, against: 'ffmpeg' });
  }
  return rows;
}

/** Processor seconds of one run of each network, with what is done before and after it. */
async function measureNetworks(): Promise<readonly Row[]> {
  await using detectSession = await openSession('alpr-detect', 1);
  await using readSession = await openSession('alpr-read', 1);
  const detector = createDetector({ session: detectSession, model: await readModelJson('alpr-detect/model.json') });
  const reader = createReader({ session: readSession, model: await readModelJson('alpr-read/model.json') });
  const image = await readScene();
  const { image: small } = new Letterbox().fit(image, { width: 640, height: 384 });
  const corners = (await detector.detect({ image })).find((found) => found.corners)?.corners;
  if (!corners) throw new Error('Expected a plate in the picture');
  const feed = { image: { type: 'uint8', dims: [1, 384, 640, 3], data: small.data } } as const;
  const time = async (what: string, run: () => Promise<unknown>) => {
    for (let round = 0; round < WARM_UP; round++) await run();
    const before = process.cpuUsage();
    for (let round = 0; round < ROUNDS; round++) await run();
    const { user, system } = process.cpuUsage(before);
    return { what, value: (user + system) / 1e6 / ROUNDS, unit: 'core s' };
  };
  return [
    await time('  detector, one picture of 640×384', () => detectSession.run(feed)),
    await time('  reader, one plate, cut out and read', () => reader.read([{ image, corners }])),
  ];
}

/** Processor seconds of a message in this process and PostgreSQL, without those of their start and of making events. */
async function measureBackEnd(): Promise<number> {
  const script = fileURLToPath(new URL('./back-end-once.ts', import.meta.url));
  const time = async (...more: string[]) =>
    (await timeWithChildren([process.execPath, script, String(EVENTS), ...more])).seconds;
  return ((await time('store')) - (await time())) / EVENTS;
}

if (import.meta.main) printRows(await run());
