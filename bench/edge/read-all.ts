import { loadConfig } from '../../src/app/config.ts';
import { openVision } from '../../src/app/open-vision.ts';
import { createLog } from '../../src/base/log.ts';
import { cameraConfigSchema } from '../../src/camera/config.ts';
import { openCamera } from '../../src/camera/open.ts';

/** Takes every frame of the camera given as JSON through the whole pipeline; prints passages and seconds of media. */
const log = createLog({ level: 'warn' });
await using vision = await openVision(loadConfig({ environment: {}, settings: [] }), log);
await using camera = await openCamera(cameraConfigSchema.parse(JSON.parse(process.argv[2] ?? '')), { log });
const pipeline = vision.createPipeline(camera);
let passages = 0;
let mediaTime = 0;
for await (const frame of camera.frames(new AbortController().signal)) {
  mediaTime = frame.mediaTime;
  passages += (await pipeline.observe(frame)).sightings.filter(({ status }) => status === 'final').length;
}
passages += (await pipeline.end()).sightings.length;
process.stdout.write(`${passages} ${mediaTime / 1000}`);
