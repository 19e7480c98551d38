import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLog } from '../../src/base/log.ts';
import { cameraConfigSchema } from '../../src/camera/config.ts';
import { findFfmpeg } from '../../src/camera/ffmpeg-binary.ts';
import { openCamera } from '../../src/camera/open.ts';
import { timeWithChildren } from '../process-time.ts';
import { printRows, type Row } from '../row.ts';

const PASSAGES = 12;
const SIZE = { width: 1920, height: 1080 };

/** Processor cores of one 1080p30 H.264 camera of simulated traffic, 10 pictures a second through the whole pipeline. */
export async function run(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-edge-'));
  try {
    const clip = join(folder, 'traffic.mp4');
    await recordTraffic(clip);
    const camera = { kind: 'file', id: 'bench', path: clip, fps: 10 };
    const script = fileURLToPath(new URL('./read-all.ts', import.meta.url));
    const { seconds, output } = await timeWithChildren([process.execPath, script, JSON.stringify(camera)]);
    const [passages = 0, mediaSeconds = 1] = output.split(' ').map(Number);
    return [
      {
        what: `1080p30 camera, 10 fps, decoded, searched, tracked, read and fused (${passages} of ${PASSAGES} passages)`,
        value: seconds / mediaSeconds,
        unit: 'cores',
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Renders traffic at 10 pictures a second and encodes it as a camera of 30 would. */
async function recordTraffic(clip: string): Promise<void> {
  const { path } = await findFfmpeg();
  const log = createLog({ level: 'warn' });
  const config = { kind: 'simulator', id: 'road', realtime: false, passages: PASSAGES, night: false, ...SIZE };
  await using camera = await openCamera(cameraConfigSchema.parse(config), { log });
  const input = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'yuv420p',
    '-s',
    `${SIZE.width}x${SIZE.height}`,
    '-r',
    '10',
    '-i',
    'pipe:0',
  ];
  const output = ['-r', '30', '-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '6M', '-pix_fmt', 'yuv420p', clip];
  const child = spawn(path, ['-loglevel', 'error', '-y', ...input, ...output], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  for await (const { image } of camera.frames(new AbortController().signal)) {
    if (!child.stdin.write(image.data)) await once(child.stdin, 'drain');
  }
  child.stdin.end();
  await exited;
}

if (import.meta.main) printRows(await run());
