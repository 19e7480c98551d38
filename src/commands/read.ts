import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { createLog } from '../base/log.ts';
import { decodePicture } from '../camera/pictures.ts';
import type { Config } from '../config.ts';
import { findInputs, type Input } from './inputs.ts';
import { markPlates } from './mark-plates.ts';
import { openVision, type Vision } from './open-vision.ts';
import { createPlateLine, formatPlateLine, type PlateLine } from './plate-line.ts';
import { startProgress } from './progress.ts';
import { readVideo } from './read-video.ts';

/** Pictures a second that are taken from a video. */
const VIDEO_FPS = 10;

export type ReadFlags = Readonly<{ json?: boolean; out?: string }>;

/** Reads every picture and video named and prints what it finds; 1 when one could not be read, the others go on. */
export async function read(config: Config, names: readonly string[], flags: ReadFlags): Promise<number> {
  const inputs = await findInputs(names);
  if (flags.out !== undefined) await mkdir(flags.out, { recursive: true });
  await using vision = await openVision(config, createLog('warn'));
  const progress = startProgress(inputs.length, 'files');
  let failed = 0;
  for (const input of inputs) {
    try {
      const start = performance.now();
      const plates = await (input.kind === 'video'
        ? readVideo(input.path, vision, VIDEO_FPS)
        : readOne(input, vision, flags));
      print(input, plates, Math.round((performance.now() - start) * 10) / 10, flags);
    } catch (error) {
      failed++;
      process.stderr.write(`${input.path}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
    progress.step();
  }
  progress.stop();
  return failed > 0 ? 1 : 0;
}

async function readOne(input: Input, vision: Vision, flags: ReadFlags): Promise<readonly PlateLine[]> {
  const image = await decodePicture(input.path);
  const recognitions = await vision.recognise(image);
  const plates = recognitions.map(({ detection, corners, reading }) =>
    createPlateLine({ ...reading, box: detection.box, corners }),
  );
  if (flags.out !== undefined) {
    const name = `${basename(input.path, extname(input.path))}.jpg`;
    await writeFile(join(flags.out, name), await markPlates(image, plates));
  }
  return plates;
}

function print(input: Input, plates: readonly PlateLine[], wallMs: number, flags: ReadFlags): void {
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ image: input.path, plates, wall_ms: wallMs })}\n`);
    return;
  }
  process.stdout.write(`${input.path}  ${wallMs} ms\n`);
  if (plates.length === 0) process.stdout.write('  no plate found\n');
  for (const plate of plates) process.stdout.write(`  ${formatPlateLine(plate)}\n`);
}
