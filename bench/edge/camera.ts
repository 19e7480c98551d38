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
    await recordRoad({ clip, passages: PASSAGES });
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

type Road = Readonly<{ clip: string; passages: number; passagesPerMinute?: number; from?: number; to?: number }>;

/** Renders traffic at 10 pictures a second and encodes it as a camera of 30 would; `from` and `to` are seconds of it. */
export async function recordRoad({ clip, passages, passagesPerMinute, from = 0, to = Infinity }: Road): Promise<void> {
  const { path } = await findFfmpeg();
  const log = createLog({ level: 'warn' });
  const traffic = { passages, ...(passagesPerMinute && { passages_per_minute: passagesPerMinute }) };
  const config = { kind: 'simulator', id: 'road', realtime: false, night: false, ...traffic, ...SIZE };
  await using camera = await openCamera(cameraConfigSchema.parse(config), { log });
  const size = `${SIZE.width}x${SIZE.height}`;
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', size, '-r', '10', '-i', 'pipe:0'];
  const output = ['-r', '30', '-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '6M', '-pix_fmt', 'yuv420p', clip];
  const child = spawn(path, ['-loglevel', 'error', '-y', ...input, ...output], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  for await (const { image, mediaTime } of camera.frames(new AbortController().signal)) {
    if (mediaTime >= to * 1000) break;
    if (mediaTime >= from * 1000 && !child.stdin.write(image.data)) await once(child.stdin, 'drain');
  }
  child.stdin.end();
  await exited;
}

if (import.meta.main) printRows(await run());
