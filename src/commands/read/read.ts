import { writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Config } from '../../app/config.ts';
import { openVision, type Vision } from '../../app/open-vision.ts';
import { createPlateLine, formatPlateLine, type PlateLine } from '../../app/plate-line.ts';
import { readVideo } from '../../app/read-video.ts';
import { messageOf } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import { makeFolder } from '../../base/make-folder.ts';
import { startProgress } from '../../base/progress.ts';
import { decodePicture } from '../../camera/pictures.ts';
import { cropImage } from '../../edge/picture.ts';
import type { RgbImage } from '../../vision/image.ts';
import { findInputs, type Input } from './inputs.ts';
import { markPlates } from './mark-plates.ts';

/** Pictures a second that are taken from a video. */
const VIDEO_FPS = 10;

export type ReadFlags = Readonly<{ json?: boolean; out?: string }>;

/** Reads every picture and video named and prints what it finds; 1 when one could not be read, the others go on. */
export async function read(config: Config, names: readonly string[], flags: ReadFlags): Promise<number> {
  const inputs = await findInputs(names);
  if (flags.out !== undefined) await makeFolder(flags.out);
  await using vision = await openVision(config, createLog({ ...config.log, level: 'warn' }));
  const progress = startProgress(inputs.length, 'files');
  let failed = 0;
  for (const input of inputs) {
    const start = performance.now();
    const plates: PlateLine[] = [];
    let fault: unknown;
    try {
      await (input.kind === 'video' ? readPassages : readPicture)({ input, vision, flags, plates });
    } catch (error) {
      fault = error;
    }
    if (fault === undefined || plates.length > 0) print(input, plates, performance.now() - start, flags);
    if (fault !== undefined) {
      failed++;
      process.stderr.write(`${input.path}: ${messageOf(fault)}\n`);
    }
    progress.step();
  }
  progress.stop();
  return failed > 0 ? 1 : 0;
}

/** What is read of one input goes to `plates` as it is found, so that a fault leaves what came before it. */
type Reading = Readonly<{ input: Input; vision: Vision; flags: ReadFlags; plates: PlateLine[] }>;

async function readPicture({ input, vision, flags, plates }: Reading): Promise<void> {
  const image = await decodePicture(input.path);
  for (const { detection, corners, reading } of await vision.recognise(image)) {
    plates.push(createPlateLine({ ...reading, box: detection.box, corners }));
  }
  await keepMarked({ input, image, plates, flags, suffix: '' });
}

/** The picture kept of a passage is the one that its text came from. */
async function readPassages({ input, vision, flags, plates }: Reading): Promise<void> {
  for await (const { line, best } of readVideo({ path: input.path, vision, fps: VIDEO_FPS })) {
    plates.push(line);
    if (flags.out === undefined) continue;
    const image = cropImage(best.image, { x0: 0, y0: 0, x1: best.image.width, y1: best.image.height });
    await keepMarked({ input, image, plates: [line], flags, suffix: `-${line.first_seen_ms}ms` });
  }
}

async function keepMarked(marked: {
  input: Input;
  image: RgbImage;
  plates: readonly PlateLine[];
  flags: ReadFlags;
  suffix: string;
}): Promise<void> {
  const { input, image, plates, suffix } = marked;
  const { out } = marked.flags;
  if (out === undefined) return;
  const name = `${basename(input.path, extname(input.path))}${suffix}.jpg`;
  await writeFile(join(out, name), await markPlates(image, plates));
}

function print(input: Input, plates: readonly PlateLine[], wallMs: number, flags: ReadFlags): void {
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ image: input.path, plates, wall_ms: Math.round(wallMs * 10) / 10 })}\n`);
    return;
  }
  process.stdout.write(`${input.path}  ${wallMs.toFixed(0)} ms\n`);
  if (plates.length === 0) process.stdout.write('  no plate found\n');
  for (const plate of plates) process.stdout.write(`  ${formatPlateLine(plate)}\n`);
}
