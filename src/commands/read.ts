import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { createLog } from '../base/log.ts';
import { decodePicture } from '../camera/pictures.ts';
import type { Config } from '../config.ts';
import { cropImage } from '../edge/picture.ts';
import type { RgbImage } from '../vision/image.ts';
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
      const plates = await (input.kind === 'video' ? readPassages : readPicture)(input, vision, flags);
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

async function readPicture(input: Input, vision: Vision, flags: ReadFlags): Promise<readonly PlateLine[]> {
  const image = await decodePicture(input.path);
  const recognitions = await vision.recognise(image);
  const plates = recognitions.map(({ detection, corners, reading }) =>
    createPlateLine({ ...reading, box: detection.box, corners }),
  );
  await keepMarked(input, image, plates, flags);
  return plates;
}

/** The picture kept of a passage is the one that its text came from. */
function readPassages(input: Input, vision: Vision, flags: ReadFlags): Promise<readonly PlateLine[]> {
  return readVideo({
    path: input.path,
    vision,
    fps: VIDEO_FPS,
    onPassage: async (line, { image }) => {
      const whole = cropImage(image, { x0: 0, y0: 0, x1: image.width, y1: image.height });
      await keepMarked(input, whole, [line], flags, `-${line.first_seen_ms}ms`);
    },
  });
}

async function keepMarked(
  input: Input,
  image: RgbImage,
  plates: readonly PlateLine[],
  { out }: ReadFlags,
  suffix = '',
): Promise<void> {
  if (out === undefined) return;
  const name = `${basename(input.path, extname(input.path))}${suffix}.jpg`;
  await writeFile(join(out, name), await markPlates(image, plates));
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
