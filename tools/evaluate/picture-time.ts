import { join } from 'node:path';
import type { Vision } from '../../src/app/open-vision.ts';
import { PROGRAM_FOLDER } from '../../src/app/version.ts';
import { decodePicture } from '../../src/camera/pictures.ts';
import { findPercentile } from '../../src/eval/score-times.ts';

/** 1280×720 with one plate, by eye 34A23126; from the repository's own fixtures. */
const PICTURE = join(PROGRAM_FOLDER, 'test', 'fixtures', 'tollgate-115.jpg');
/** The just-in-time compiler works on for about so many pictures; a camera brings as many in three seconds. */
const WARM_UPS = 30;
const ROUNDS = 40;

/** Milliseconds by the clock (median) and of processor time (mean). */
export type PictureTime = Readonly<{ clock: number; processor: number }>;

/**
 * Milliseconds from pixels to texts of one 1280×720 picture with one plate, over forty rounds after thirty warm-ups: by the clock
 * (median), and of processor time (mean), which other work on the machine disturbs less.
 */
export async function timePicture(vision: Vision): Promise<PictureTime> {
  const image = await decodePicture(PICTURE);
  for (let round = 0; round < WARM_UPS; round++) await vision.recognise(image);
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await vision.recognise(image);
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  return { clock: findPercentile(times, 0.5), processor: (user + system) / 1000 / ROUNDS };
}
