import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLog } from '../../src/base/log.ts';
import { cameraConfigSchema } from '../../src/camera/config.ts';
import { buildArguments } from '../../src/camera/ffmpeg-arguments.ts';
import { type FfmpegBinary, findFfmpeg } from '../../src/camera/ffmpeg-binary.ts';
import { openCamera } from '../../src/camera/open.ts';

/** One measurement: what, how much, in which unit, and over the baseline of the same run where there is one. */
export type Row = Readonly<{ what: string; value: number; unit: string; ratio?: number }>;

const SECONDS = 20;

/**
 * Processor cores that cameras cost: a 1080p30 H.264 clip taken at 10 pictures a second, against ffmpeg decoding it to raw
 * pictures at the same rate and throwing them away; and the simulator at 1280×720.
 */
export async function run(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-camera-'));
  try {
    const binary = await findFfmpeg();
    const clip = join(folder, 'clip.mp4');
    const source = `testsrc2=size=1920x1080:rate=30:duration=${SECONDS}`;
    const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '4M', '-pix_fmt', 'yuv420p', clip];
    await promisify(execFile)(binary.path, ['-loglevel', 'error', '-f', 'lavfi', '-i', source, ...encode]);
    const baseline = await measureChild(binary, ['-i', clip, '-vf', 'fps=10', '-f', 'rawvideo', 'pipe:1']);
    const camera = await measureCamera(clip, binary);
    return [
      { what: `raw decoding of 1080p30 at 10 fps, ffmpeg ${binary.version}`, value: baseline, unit: 'cores', ratio: 1 },
      { what: '1080p30 camera at 10 fps, ffmpeg', value: camera.child, unit: 'cores', ratio: camera.child / baseline },
      {
        what: '1080p30 camera at 10 fps, this process',
        value: camera.own,
        unit: 'cores',
        ratio: camera.own / baseline,
      },
      { what: 'simulator 1280×720 at 10 fps', value: await measureSimulator(), unit: 'cores' },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Cores of a child that runs to its end, its output thrown away by the shell. */
async function measureChild(binary: FfmpegBinary, args: readonly string[]): Promise<number> {
  return await timeInShell([binary.path, '-loglevel', 'error', '-nostdin', '-threads', '2', ...args], '>/dev/null');
}

async function measureCamera(path: string, binary: FfmpegBinary) {
  const config = cameraConfigSchema.parse({ kind: 'file', id: 'bench', path });
  if (config.kind !== 'file') throw new TypeError('Expected a file camera');
  const child = await timeInShell([binary.path, ...buildArguments(config, binary)], '3>/dev/null 4>/dev/null');
  return { child, own: await measureOwn(config) };
}

async function measureSimulator(): Promise<number> {
  const more = { realtime: false, passages: 8 };
  return await measureOwn(cameraConfigSchema.parse({ kind: 'simulator', id: 'bench', ...more }));
}

/** Processor time of this process for each second of media, children not counted. */
async function measureOwn(config: Parameters<typeof openCamera>[0]): Promise<number> {
  await using camera = await openCamera(config, { log: createLog('silent') });
  const before = process.cpuUsage();
  let media = 0;
  for await (const frame of camera.frames(new AbortController().signal)) media = frame.mediaTime;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / media;
}

/** User and system seconds by bash's `time`, for each second of the clip. */
async function timeInShell(command: readonly string[], redirect: string): Promise<number> {
  const script = `TIMEFORMAT='%U %S'; time "$@" 2>/dev/null ${redirect}`;
  const { stderr } = await promisify(execFile)('bash', ['-c', script, 'bash', ...command]);
  const [user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number) as [number, number];
  return (user + system) / SECONDS;
}

if (import.meta.main) console.table(await run());
