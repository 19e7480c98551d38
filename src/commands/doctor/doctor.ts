import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../app/config.ts';
import { examineCamera, type Finding, WATCH_MS } from '../../app/examine-camera.ts';
import { examineQuality } from '../../app/examine-quality.ts';
import { examineServers } from '../../app/examine-servers.ts';
import { modelFolders, openVision, type Vision } from '../../app/open-vision.ts';
import { PROGRAM_FOLDER } from '../../app/version.ts';
import { messageOf } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import type { GivenPart } from '../../base/service.ts';
import { findFfmpeg } from '../../camera/ffmpeg-binary.ts';
import { listRefused } from '../../edge/refused-events.ts';
import { REFUSED_FOLDER } from '../../edge/spool.ts';
import { examineProviders } from '../../models/examine-providers.ts';
import { findModel, verifyModelFile } from '../../models/hub.ts';

const SIGNS = { good: '✓', note: '–', advice: '!', fault: '✗' } as const;

/** A machine with one of these has a GPU of NVIDIA: a card, or the one of a Jetson. */
const NVIDIA = ['/dev/nvidiactl', '/dev/nvhost-gpu'];

/** Least free disk space that is not worth a word, bytes. */
const COMFORTABLE_BYTES = 5e9;

/** Examines this machine and the configuration and prints what it finds; 1 when something is in the way. */
export async function doctor(config: Config): Promise<number> {
  let faults = 0;
  for await (const { level, text } of examine(config)) {
    if (level === 'fault') faults++;
    process.stdout.write(`${SIGNS[level]} ${text}\n`);
  }
  return faults > 0 ? 1 : 0;
}

/** What it finds, as lines. */
export async function* describeFindings(config: Config): AsyncGenerator<string> {
  for await (const { level, text } of examine(config)) yield `${SIGNS[level]} ${text}\n`;
}

async function* examine(config: Config): AsyncGenerator<Finding> {
  yield* [examineNode(), examinePage()];
  yield* [await attempt(examineFfmpeg), await attempt(() => examineDisk(config.data))];
  yield* await examineRefused(config.data);
  yield* await examineServers(config);
  yield* await examineQuality(config);
  const log = createLog({ level: 'silent' });
  try {
    await using vision = await openVision(config, log);
    yield* examineModels(vision);
    if (vision.server) yield await examineModelServer(vision.server);
    yield* await examineAccelerators(config);
    const { cameras } = config;
    if (cameras.length > 0) {
      const names = cameras.map(({ id }) => id).join(', ');
      process.stderr.write(`Watching ${names} for ${WATCH_MS / 1000} s …\n`);
    }
    // All at once, as they run: ten cameras take no longer than one.
    yield* (await Promise.all(cameras.map((camera) => examineCamera(camera, vision, log)))).flat();
  } catch (error) {
    yield { level: 'fault', text: messageOf(error) };
  }
}

function examineNode(): Finding {
  const good = Number.parseInt(process.versions.node, 10) >= 24;
  const advice = good ? '' : '; version 24 or newer is needed: run npx alpr in the checkout';
  return { level: good ? 'good' : 'fault', text: `Node ${process.versions.node}${advice}` };
}

function examinePage(): Finding {
  if (existsSync(join(PROGRAM_FOLDER, 'dist', 'web', 'index.html')))
    return { level: 'good', text: 'The page is built' };
  return { level: 'advice', text: 'The page is not built: npm start builds it, or npm run build:page' };
}

async function examineFfmpeg(): Promise<Finding> {
  const { path, version } = await findFfmpeg();
  const bundled = path.includes('node_modules');
  if (!bundled) return { level: 'good', text: `ffmpeg ${version} at ${path}` };
  return {
    level: 'advice',
    text: `ffmpeg ${version}, which is bundled with this program; if you do not trust your cameras, install your system's ffmpeg, which gets security updates`,
  };
}

async function examineDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(existsSync(folder) ? folder : '.');
  const free = bavail * bsize;
  const text = `${(free / 1e9).toFixed(1)} GB free on the disk of ${folder}`;
  return free >= COMFORTABLE_BYTES
    ? { level: 'good', text }
    : { level: 'advice', text: `${text}: pictures will soon fill it` };
}

async function examineRefused(data: string): Promise<readonly Finding[]> {
  const folder = join(data, 'edge', 'spool', REFUSED_FOLDER);
  const { length } = await listRefused(folder);
  if (length === 0) return [];
  const advice = 'raise max.message.bytes of the topic of events, or mend what the log says, and start the edge again';
  return [{ level: 'advice', text: `The bus refused ${length} events, which lie in ${folder}: ${advice}` }];
}

function examineModels(vision: Vision): readonly Finding[] {
  return Object.values(vision.models).map(({ id, provider }) => ({
    level: 'good',
    text: `${id} runs on ${provider.includes('@') ? provider : provider.toUpperCase()}`,
  }));
}

async function examineModelServer({ kind, check }: GivenPart): Promise<Finding> {
  return attempt(async () => {
    await check();
    return { level: 'good', text: `The inference server ${kind} answers and has the models` };
  });
}

/** Why the networks run on nothing faster, from a real attempt with each provider. */
async function examineAccelerators({ models }: Config): Promise<readonly Finding[]> {
  const file = await verifyModelFile(await findModel(models.reader, modelFolders(models.folders)));
  const hasNvidia = NVIDIA.some((path) => existsSync(path));
  return (await examineProviders(file, createLog({ level: 'silent' }))).map(({ provider, whyNot }) => {
    const name = provider.toUpperCase();
    if (whyNot === undefined) return { level: 'good', text: `${name} can be used` };
    return { level: hasNvidia && provider === 'cuda' ? 'advice' : 'note', text: `${name} cannot be used: ${whyNot}` };
  });
}

async function attempt(examine: () => Promise<Finding>): Promise<Finding> {
  try {
    return await examine();
  } catch (error) {
    return { level: 'fault', text: messageOf(error) };
  }
}
