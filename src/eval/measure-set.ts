import { messageOf } from '../base/errors.ts';
import type { Progress } from '../base/progress.ts';
import { decodePicture } from '../camera/pictures.ts';
import type { Measured, SearchRecord } from './measured.ts';
import { readCrop } from './read-crop.ts';
import type { ClipRecord, TextRecord, TimeRecord } from './records.ts';
import { searchScene } from './search-scene.ts';
import type { TrueFile } from './truth.ts';
import { watchClip } from './watch-clip.ts';
import type { WatchedVision } from './watched-vision.ts';

/** Observes a set: reads its crops, searches its scenes, follows its clips. A file that cannot be read is noted and left out. */
export async function measureSet(
  files: readonly TrueFile[],
  vision: WatchedVision,
  progress: Progress,
): Promise<Measured> {
  const failures: { name: string; why: string }[] = [];
  const texts: TextRecord[] = [];
  const searches: SearchRecord[] = [];
  const clips: ClipRecord[] = [];
  const times: TimeRecord[] = [];
  const began = { wall: performance.now(), cpu: process.cpuUsage() };
  for (const file of files) {
    try {
      const seen = await measureFile(file, vision);
      texts.push(...(seen.texts ?? []));
      searches.push(...(seen.searches ?? []));
      if (seen.clip) clips.push(seen.clip);
      if (seen.time) times.push(seen.time);
    } catch (error) {
      failures.push({ name: file.name, why: messageOf(error) });
    }
    progress.step();
  }
  const { user, system } = process.cpuUsage(began.cpu);
  const coresUsed = (user + system) / 1000 / Math.max(1, performance.now() - began.wall);
  const pictures = files.length - failures.length;
  return { pictures, failures, texts, searches, clips, times, threshold: vision.detector.highScore, coresUsed };
}

type Seen = Readonly<{
  texts?: readonly TextRecord[];
  searches?: readonly SearchRecord[];
  clip?: ClipRecord;
  time?: TimeRecord;
}>;

async function measureFile(file: TrueFile, vision: WatchedVision): Promise<Seen> {
  if (file.kind === 'clip') return watchClip(file, vision);
  const image = await decodePicture(file.path);
  vision.clock.begin();
  const seen = file.kind === 'crop' ? await readCrop(file, image, vision) : await searchScene(file, image, vision);
  return { ...seen, time: { times: vision.clock.times, width: image.width, height: image.height } };
}
