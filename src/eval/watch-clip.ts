import { readVideo } from '../app/read-video.ts';
import { cropImage, growBox } from '../vision/crop.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import { describeText } from './describe-text.ts';
import { normalizeSaid } from './normalize-truth.ts';
import type { ClipRecord, TextRecord } from './records.ts';
import type { TrueFile } from './truth.ts';
import type { WatchedVision } from './watched-vision.ts';

/** Pictures a second that are taken from a clip, as `alpr read` does. */
const FPS = 10;
const MARGIN = { left: 0.15, right: 0.15, up: 0.4, down: 0.4 };

/** Follows a clip: its final events, and for each true text the event that reads it, else one that reads no other true text. */
export async function watchClip(
  file: TrueFile,
  vision: WatchedVision,
): Promise<Readonly<{ texts: readonly TextRecord[]; clip: ClipRecord }>> {
  const start = performance.now();
  const sightings: Sighting[] = [];
  for await (const { sighting } of readVideo({ path: file.path, vision, fps: FPS })) sightings.push(sighting);
  const truth = file.plates.flatMap(({ text }) => text ?? []);
  const normalize = (text: string) => normalizeSaid(text, truth.join(''));
  const strays = sightings.filter(({ text }) => !truth.includes(normalize(text)));
  const texts = file.plates.flatMap((plate) => {
    if (plate.text === undefined) return [];
    const sighting = sightings.find(({ text }) => normalize(text) === plate.text) ?? strays.shift();
    const record = describeText({
      file,
      plate: { ...plate, text: plate.text },
      corners: sighting?.best.corners,
      reading: sighting,
    });
    return [
      sighting ? { ...record, crop: cropImage(sighting.best.image, growBox(sighting.best.box, MARGIN)) } : record,
    ];
  });
  const events = sightings.map(({ text, confidence }) => ({ text: normalize(text), confidence }));
  return { texts, clip: { name: file.name, truth, events, seconds: (performance.now() - start) / 1000 } };
}
