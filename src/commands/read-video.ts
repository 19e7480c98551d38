import { createLog } from '../base/log.ts';
import { cameraConfigSchema } from '../camera/config.ts';
import { openCamera } from '../camera/open.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import type { Vision } from './open-vision.ts';
import { createPlateLine, type PlateLine } from './plate-line.ts';

/** One passage of a video: the plate, and when it was in sight, milliseconds of the video. */
export type PassageLine = PlateLine & Readonly<{ first_seen_ms: number; last_seen_ms: number; frames_read: number }>;

/** Reads a video file at `fps` pictures a second and gives one line for each passage. */
export async function readVideo(path: string, vision: Vision, fps: number): Promise<readonly PassageLine[]> {
  const config = cameraConfigSchema.parse({ kind: 'file', id: 'video', path, fps });
  await using camera = await openCamera(config, { log: createLog('warn') });
  const pipeline = vision.createPipeline(camera.id);
  const finals: Sighting[] = [];
  const keepFinals = (sightings: readonly Sighting[]) => {
    finals.push(...sightings.filter(({ status }) => status === 'final'));
  };
  let offset: number | undefined;
  for await (const frame of camera.frames(new AbortController().signal)) {
    offset ??= frame.capturedAt - frame.mediaTime;
    keepFinals((await pipeline.observe(frame)).sightings);
  }
  keepFinals(await pipeline.end());
  return finals.map((sighting) => ({
    ...createPlateLine({ ...sighting, box: sighting.best.box, corners: sighting.best.corners }),
    first_seen_ms: Math.round(sighting.firstSeenAt - (offset ?? 0)),
    last_seen_ms: Math.round(sighting.lastSeenAt - (offset ?? 0)),
    frames_read: sighting.framesRead,
  }));
}
