import { createLog } from '../base/log.ts';
import { cameraConfigSchema } from '../camera/config.ts';
import { openCamera } from '../camera/open.ts';
import type { BestLook, Sighting } from '../vision/fuse/sighting.ts';
import type { Vision } from './open-vision.ts';
import { createPlateLine, type PlateLine } from './plate-line.ts';

/** One passage of a video: the plate, and when it was in sight, milliseconds of the video. */
export type PassageLine = PlateLine & Readonly<{ first_seen_ms: number; last_seen_ms: number; frames_read: number }>;

/** Reads a video file at `fps` pictures a second and gives one line for each passage. */
export async function readVideo(options: {
  path: string;
  vision: Vision;
  fps: number;
  /** Hears of the best look at each passage, for example to keep its picture. */
  onPassage: (line: PassageLine, best: BestLook) => Promise<void>;
}): Promise<readonly PassageLine[]> {
  const { path, vision, fps } = options;
  const config = cameraConfigSchema.parse({ kind: 'file', id: 'video', path, fps });
  await using camera = await openCamera(config, { log: createLog('warn') });
  const pipeline = vision.createPipeline(camera);
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
  const lines: PassageLine[] = [];
  for (const sighting of finals) {
    const line = createPassageLine(sighting, offset ?? 0);
    await options.onPassage(line, sighting.best);
    lines.push(line);
  }
  return lines;
}

function createPassageLine(sighting: Sighting, offset: number): PassageLine {
  return {
    ...createPlateLine({ ...sighting, box: sighting.best.box, corners: sighting.best.corners }),
    first_seen_ms: Math.round(sighting.firstSeenAt - offset),
    last_seen_ms: Math.round(sighting.lastSeenAt - offset),
    frames_read: sighting.framesRead,
  };
}
