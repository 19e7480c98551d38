import { loadConfig } from '../../src/app/config.ts';
import { openVision } from '../../src/app/open-vision.ts';
import { createLog } from '../../src/base/log.ts';
import { cameraConfigSchema } from '../../src/camera/config.ts';
import { openCamera } from '../../src/camera/open.ts';
import { letGarbageWait } from '../../src/edge/garbage.ts';
import type { Sighting } from '../../src/vision/fuse/sighting.ts';

/**
 * Takes every frame of the camera given as JSON through the whole pipeline; prints passages, seconds of media, pictures that the
 * detector searched, and plates that were read.
 */
using _ = letGarbageWait();
const log = createLog({ level: 'warn' });
await using vision = await openVision(loadConfig({ environment: {}, settings: [] }), log);
await using camera = await openCamera(cameraConfigSchema.parse(JSON.parse(process.argv[2] ?? '')), { log });
const pipeline = vision.createPipeline(camera);
let passages = 0;
let [mediaTime, searched, read] = [0, 0, 0];
for await (const frame of camera.frames(new AbortController().signal)) {
  mediaTime = frame.mediaTime;
  const { sightings, gated, detections } = await pipeline.observe(frame);
  count(sightings);
  if (detections.length === 0) frame.giveBack?.();
  if (!gated) searched += 1;
}
count((await pipeline.end()).sightings);
process.stdout.write(`${passages} ${mediaTime / 1000} ${searched} ${read}`);

function count(sightings: readonly Sighting[]): void {
  const finals = sightings.filter(({ status }) => status === 'final');
  passages += finals.length;
  for (const { framesRead } of finals) read += framesRead;
}
