import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../base/log.ts';
import type { Camera } from '../camera/camera.ts';
import { openCamera } from '../camera/open.ts';
import type { Config } from './config.ts';

/** Opens every configured camera; what simulated ones showed is written to `simulator/<camera>.truth.jsonl`. */
export async function openCameras(config: Config, log: Log): Promise<readonly Camera[]> {
  const folder = join(config.data, 'simulator');
  if (config.cameras.some((camera) => camera.kind === 'simulator')) mkdirSync(folder, { recursive: true });
  return Promise.all(
    config.cameras.map((camera) =>
      openCamera(camera, {
        log: log.child({ camera: camera.id }),
        onPassage: (id, passage) => appendFileSync(join(folder, `${id}.truth.jsonl`), `${JSON.stringify(passage)}\n`),
      }),
    ),
  );
}
