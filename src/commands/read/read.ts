import { basename, extname } from 'node:path';
import type { Config } from '../../app/config.ts';
import { openVision, type Vision } from '../../app/open-vision.ts';
import { createPlateLine, type PlateLine } from '../../app/plate-line.ts';
import { readVideo } from '../../app/read-video.ts';
import { AlprError, messageOf } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import { startProgress } from '../../base/progress.ts';
import { type CaptureTime, parseStart, readNameTime } from '../../camera/capture-time.ts';
import type { Rotation } from '../../camera/config.ts';
import { PictureMemory } from '../../camera/picture-memory.ts';
import { decodePicture } from '../../camera/pictures.ts';
import { cropImage } from '../../vision/crop.ts';
import type { RgbImage } from '../../vision/image.ts';
import { findInputs, type Input } from './inputs.ts';
import { markPlates } from './mark-plates.ts';
import { type OutFolder, openOutFolder } from './out-folder.ts';
import { formatJson, formatResult, type Result } from './result.ts';

/** Pictures a second that are taken from a video. */
const VIDEO_FPS = 10;

export type ReadFlags = Readonly<{ json?: boolean; out?: string; rotate?: Rotation; start?: string }>;

/** Reads every picture and video named and prints what it finds; 1 when one is missing or cannot be read, the others go on. */
export async function read(config: Config, names: readonly string[], flags: ReadFlags): Promise<number> {
  if (flags.start !== undefined && parseStart(flags.start) === undefined) {
    const message = `Expected a time such as 2026-11-29T10:15:30+01:00 that is not in the future, got "${flags.start}".`;
    throw new AlprError('INPUT_INVALID', message);
  }
  const { inputs, missing } = await findInputs(names);
  for (const sentence of missing) process.stderr.write(`alpr: ${sentence}\n`);
  if (inputs.length === 0) return 1;
  const out = flags.out === undefined ? undefined : await openOutFolder(flags.out);
  await using vision = await openVision(config, createLog({ ...config.log, level: 'warn' }));
  const memory = new PictureMemory();
  const progress = startProgress(inputs.length, 'files');
  let failed = missing.length;
  for (const input of inputs) {
    const start = performance.now();
    const result: Result = { image: input.path, plates: [] };
    let fault: unknown;
    try {
      await (input.kind === 'video' ? readPassages : readPicture)({ input, vision, memory, flags, out, result });
    } catch (error) {
      fault = error;
    }
    if (fault === undefined || result.plates.length > 0) {
      const wallMs = performance.now() - start;
      process.stdout.write(flags.json ? `${formatJson(result, wallMs)}\n` : formatResult(result, wallMs));
    }
    if (fault !== undefined) {
      failed++;
      process.stderr.write(`${input.path}: ${messageOf(fault)}\n`);
    }
    progress.step();
  }
  progress.stop();
  return failed > 0 ? 1 : 0;
}

type Reading = Readonly<{
  input: Input;
  vision: Vision;
  memory: PictureMemory;
  flags: ReadFlags;
  out: OutFolder | undefined;
  result: Result;
}>;

async function readPicture({ input, vision, memory, flags, out, result }: Reading): Promise<void> {
  const image = await decodePicture(input.path, flags.rotate, memory);
  const taken = parseStart(flags.start ?? '') ?? image.taken ?? readNameTime(input.path);
  if (taken) result.taken = taken;
  if (image.missing !== undefined) result.truncated = true;
  const recognitions = await vision.recognise(image, (count) => {
    result.plates_left_out = count;
  });
  for (const { detection, corners, reading } of recognitions) {
    result.plates.push(createPlateLine({ ...reading, box: detection.box, corners }));
  }
  await keepMarked({ name: nameOf(input), image, plates: result.plates, out, result });
  memory.giveBack(image);
}

/** The picture kept of a passage is the one that its text came from. */
async function readPassages({ input, vision, flags, out, result }: Reading): Promise<void> {
  const { start } = flags;
  const rotate = flags.rotate ?? 'auto';
  const onDated = (began: CaptureTime) => {
    result.taken = began;
  };
  const options = { path: input.path, vision, fps: VIDEO_FPS, rotate, onDated, ...(start ? { start } : {}) };
  for await (const { line, best } of readVideo(options)) {
    result.plates.push(line);
    if (out === undefined) continue;
    const image = cropImage(best.image, { x0: 0, y0: 0, x1: best.image.width, y1: best.image.height });
    await keepMarked({ name: `${nameOf(input)}-${line.first_seen_ms}ms`, image, plates: [line], out, result });
  }
}

function nameOf({ path }: Input): string {
  return basename(path, extname(path));
}

async function keepMarked(marked: {
  name: string;
  image: RgbImage;
  plates: readonly PlateLine[];
  out: OutFolder | undefined;
  result: Result;
}): Promise<void> {
  const { name, image, plates, out, result } = marked;
  if (out === undefined) return;
  const path = await out.keep(name, await markPlates(image, plates));
  result.marked = [...(result.marked ?? []), path];
}
