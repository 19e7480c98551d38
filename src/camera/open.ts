import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Camera } from './camera.ts';
import type { CameraConfig } from './config.ts';
import type { SimulatedPassage } from './simulator/simulator.ts';

export type CameraOptions = Readonly<{
  log: Log;
  /** Hears of each vehicle of a simulated camera once its plate has left the picture. */
  onPassage?: (cameraId: string, passage: SimulatedPassage) => void;
}>;

/** Opens a camera of any kind. Live cameras that cannot be reached yet are opened all the same and tried again. */
export async function openCamera(config: CameraConfig, options: CameraOptions): Promise<Camera> {
  switch (config.kind) {
    case 'simulator': {
      const { openSimulator } = await import('./simulator/simulator.ts');
      const { onPassage } = options;
      return openSimulator(config, onPassage ? { onPassage: (passage) => onPassage(config.id, passage) } : {});
    }
    default:
      throw new AlprError('CAMERA_FAILED', `Cameras of the kind ${config.kind} cannot be opened yet.`);
  }
}
