import { createLog } from '../base/log.ts';
import { cameraConfigSchema } from '../camera/config.ts';
import { openCamera } from '../camera/open.ts';
import type { BestLook, Sighting } from '../vision/fuse/sighting.ts';
import type { Vision } from './open-vision.ts';
import { createPlateLine, type PlateLine } from './plate-line.ts';

/** One passage of a video: the plate, and when it was in sight, milliseconds of the video. */
export type PassageLine = PlateLine & Readonly<{ first_seen_ms: number; last_seen_ms: number; frames_read: number }>;

/**
 * Reads a video file at `fps` pictures a second and gives each passage as it ends, with the look its text came from. A file
 * that breaks off gives what was in it, then throws.
 */
export async function* readVideo(options: {
  path: string;
  vision: Vision;
  fps: number;
}): AsyncGenerator<Readonly<{ line: PassageLine; best: BestLook; sighting: Sighting }>> {
  const { path, vision, fps } = options;
  const config = cameraConfigSchema.parse({ kind: 'file', id: 'video', path, fps });
  await using camera = await openCamera(config, { log: createLog({ level: 'warn' }) });
  const pipeline = vision.createPipeline(camera);
  let offset = 0;
  let fault: unknown;
  const describe = (sighting: Sighting) => ({
    line: createPassageLine(sighting, offset),
    best: sighting.best,
    sighting,
  });
  try {
    for await (const frame of camera.frames(new AbortController().signal)) {
      offset ||= frame.capturedAt - frame.mediaTime;
      const { sightings } = await pipeline.observe(frame);
      yield* sightings.filter(({ status }) => status === 'final').map(describe);
    }
  } catch (error) {
    fault = error;
  }
  yield* (await pipeline.end()).map(describe);
  if (fault !== undefined) throw fault;
}

function createPassageLine(sighting: Sighting, offset: number): PassageLine {
  return {
    ...createPlateLine({ ...sighting, box: sighting.best.box, corners: sighting.best.corners }),
    first_seen_ms: Math.round(sighting.firstSeenAt - offset),
    last_seen_ms: Math.round(sighting.lastSeenAt - offset),
    frames_read: sighting.framesRead,
  };
}
