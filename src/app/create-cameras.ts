import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../base/log.ts';
import type { Camera } from '../camera/camera.ts';
import type { CameraConfig } from '../camera/config.ts';
import { openCamera } from '../camera/open.ts';
import type { Config } from './config.ts';

/** Opens cameras; what simulated ones showed is written to `simulator/<camera>.truth.jsonl`. */
export type Cameras = Readonly<{ open(config: CameraConfig): Promise<Camera> }>;

/** How this process opens cameras. */
export function createCameras(config: Config, log: Log): Cameras {
  const folder = join(config.data, 'simulator');
  return {
    async open(camera) {
      if (camera.kind === 'simulator') mkdirSync(folder, { recursive: true });
      return openCamera(camera, {
        log,
        onPassage: (id, passage) => appendFileSync(join(folder, `${id}.truth.jsonl`), `${JSON.stringify(passage)}\n`),
      });
    },
  };
}
