import { createLog } from '../base/log.ts';
import type { CaptureTime } from '../camera/capture-time.ts';
import { cameraConfigSchema, type Rotation } from '../camera/config.ts';
import { openCamera } from '../camera/open.ts';
import type { BestLook, Sighting } from '../vision/fuse/sighting.ts';
import type { Vision } from './open-vision.ts';
import { createPlateLine, type PlateLine } from './plate-line.ts';

/** One passage of a video: the plate, and when it was in sight, in milliseconds of the video and, where known, by the clock (UTC). */
export type PassageLine = PlateLine &
  Readonly<{
    first_seen_ms: number;
    last_seen_ms: number;
    first_seen_at?: string;
    last_seen_at?: string;
    frames_read: number;
  }>;

/**
 * Reads a video file at `fps` pictures a second and gives each passage as it ends, with the look its text came from. A file
 * that breaks off gives what was in it, then throws.
 */
export async function* readVideo(options: {
  path: string;
  vision: Vision;
  fps: number;
  rotate?: Rotation;
  start?: string;
  onDated?: (began: CaptureTime) => void;
}): AsyncGenerator<Readonly<{ line: PassageLine; best: BestLook; sighting: Sighting }>> {
  const { path, vision, fps, rotate, start, onDated } = options;
  const config = cameraConfigSchema.parse({ kind: 'file', id: 'video', path, fps, rotate, start });
  let isDated = false;
  await using camera = await openCamera(config, {
    log: createLog({ level: 'warn' }),
    onDated: (began) => {
      isDated = true;
      onDated?.(began);
    },
  });
  const pipeline = vision.createPipeline(camera);
  let offset = 0;
  let fault: unknown;
  const describe = (sighting: Sighting) => ({
    line: createPassageLine(sighting, offset, isDated),
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
  yield* (await pipeline.end()).sightings.map(describe);
  if (fault !== undefined) throw fault;
}

function createPassageLine(sighting: Sighting, offset: number, isDated: boolean): PassageLine {
  const { firstSeenAt, lastSeenAt } = sighting;
  return {
    ...createPlateLine({ ...sighting, box: sighting.best.box, corners: sighting.best.corners }),
    first_seen_ms: Math.round(firstSeenAt - offset),
    last_seen_ms: Math.round(lastSeenAt - offset),
    ...(isDated
      ? { first_seen_at: new Date(firstSeenAt).toISOString(), last_seen_at: new Date(lastSeenAt).toISOString() }
      : {}),
    frames_read: sighting.framesRead,
  };
}
