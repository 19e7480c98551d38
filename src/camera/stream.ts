import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Camera } from './camera.ts';
import type { FileConfig, HttpConfig, RtspConfig, UsbConfig } from './config.ts';
export async function openStream(config: RtspConfig | HttpConfig | UsbConfig | FileConfig, _log: Log): Promise<Camera> {
  throw new AlprError('CAMERA_FAILED', `Cameras of the kind ${config.kind} cannot be opened yet.`);
}
