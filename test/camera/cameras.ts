import type { Camera } from '../../src/camera/camera.ts';
import { cameraConfigSchema } from '../../src/camera/config.ts';
import { openCamera } from '../../src/camera/open.ts';
import type { Frame } from '../../src/vision/frame.ts';
import { keepLog } from './log.ts';

/** Opens a camera by the fields of its configuration, with a log that can be read. */
export async function openWith(fields: object) {
  const log = keepLog();
  return { camera: await openCamera(cameraConfigSchema.parse({ id: 'gate', ...fields }), { log }), log };
}

/** All frames until the camera ends or `enough` says so, with the error that it ended with; gives up after 20 s. */
export async function takeFrames(camera: Camera, enough: (frames: readonly Frame[]) => boolean = () => false) {
  const frames: Frame[] = [];
  try {
    for await (const frame of camera.frames(AbortSignal.timeout(20_000))) {
      frames.push(frame);
      if (enough(frames)) break;
    }
  } catch (error) {
    return { frames, error };
  }
  return { frames, error: undefined };
}
