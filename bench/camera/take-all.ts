import { createLog } from '../../src/base/log.ts';
import { cameraConfigSchema } from '../../src/camera/config.ts';
import { openCamera } from '../../src/camera/open.ts';

/** Takes every frame of the camera whose configuration is the first argument, as JSON; prints the seconds of media. */
const config = cameraConfigSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
await using camera = await openCamera(config, { log: createLog({ level: 'silent' }) });
let media = 0;
for await (const frame of camera.frames(new AbortController().signal)) media = frame.mediaTime;
console.log(media / 1000);
