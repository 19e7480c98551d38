import { execFile } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFfmpeg } from '../../src/camera/ffmpeg-binary.ts';
import { readTruth, type TruthFilter } from '../../src/eval/truth.ts';

const SETS: readonly Readonly<{ folder: string; filter: TruthFilter }>[] = [
  { folder: 'det-openlpr', filter: { split: 'val' } },
  { folder: 'det-ocr-french', filter: {} },
  { folder: 'det-ro-dashcam', filter: {} },
];

/** Eleven pictures out of a second of 18. */
const TOLL_GATE = join('videos', 'misc', 'parkpow_tollgate_vn.mp4');
const TOLL_GATE_RATE = '11';

/**
 * Paths of close photographs, roadside photographs, dashcam frames and toll-gate frames, `each` of every kind, evenly spaced, and
 * the kinds in turn. Frames are cut from the video into `folder`.
 */
export async function listMixedPictures(data: string, folder: string, each: number): Promise<readonly string[]> {
  const photographs = await Promise.all(
    SETS.map(async ({ folder: set, filter }) => (await readTruth(join(data, set), filter)).map(({ path }) => path)),
  );
  const { path: ffmpeg } = await findFfmpeg();
  const video = ['-i', join(data, TOLL_GATE), '-vf', `fps=${TOLL_GATE_RATE}`, '-q:v', '3'];
  await promisify(execFile)(ffmpeg, ['-loglevel', 'error', ...video, join(folder, 'toll-gate-%03d.jpg')]);
  const frames = (await Array.fromAsync(glob(join(folder, 'toll-gate-*.jpg')))).sort();
  const kinds = [...photographs, frames].map((paths) => spread(paths, each));
  return Array.from({ length: each }, (_, at) => kinds.flatMap((paths) => paths[at] ?? [])).flat();
}

function spread(paths: readonly string[], count: number): readonly string[] {
  if (paths.length <= count) return paths;
  return Array.from({ length: count }, (_, at) => paths[Math.floor((at * paths.length) / count)] ?? '');
}
