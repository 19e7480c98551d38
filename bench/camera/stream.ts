import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findFfmpeg } from '../../src/camera/ffmpeg-binary.ts';
import { timeWithChildren } from '../process-time.ts';
import { printRows, type Row } from '../row.ts';

const SECONDS = 20;

/**
 * Processor cores that cameras cost, their processes started and ended: a 1080p30 H.264 clip taken at 10 pictures a second,
 * against ffmpeg decoding it to raw pictures at the same rate and throwing them away; and the simulator at 1280×720.
 */
export async function run(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-camera-'));
  try {
    const { path: ffmpeg, version } = await findFfmpeg();
    const clip = join(folder, 'clip.mp4');
    const source = `testsrc2=size=1920x1080:rate=30:duration=${SECONDS}`;
    const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '4M', '-pix_fmt', 'yuv420p', clip];
    await promisify(execFile)(ffmpeg, ['-loglevel', 'error', '-f', 'lavfi', '-i', source, ...encode]);
    const raw = [
      '-loglevel',
      'error',
      '-nostdin',
      '-threads',
      '2',
      '-i',
      clip,
      '-vf',
      'fps=10',
      '-f',
      'rawvideo',
      'pipe:1',
    ];
    const baseline = (await timeWithChildren([ffmpeg, ...raw], '>/dev/null')).seconds / SECONDS;
    const camera = await takeAll({ kind: 'file', path: clip });
    const simulator = await takeAll({ kind: 'simulator', realtime: false, passages: 10 });
    return [
      { what: `raw decoding of 1080p30 at 10 fps, ffmpeg ${version}`, value: baseline, unit: 'cores', ratio: 1 },
      { what: '1080p30 camera at 10 fps', value: camera, unit: 'cores', ratio: camera / baseline },
      { what: 'simulator 1280×720 at 10 fps', value: simulator, unit: 'cores', ratio: simulator / baseline },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Cores for a process that takes all frames of a camera, its children counted, per second of media. */
async function takeAll(config: object): Promise<number> {
  const script = fileURLToPath(new URL('./take-all.ts', import.meta.url));
  const { seconds, output } = await timeWithChildren([
    process.execPath,
    script,
    JSON.stringify({ id: 'bench', ...config }),
  ]);
  return seconds / Number(output);
}

if (import.meta.main) printRows(await run());
