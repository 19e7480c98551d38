import type { Log } from '../base/log.ts';
import type { Camera } from './camera.ts';
import type { CaptureTime } from './capture-time.ts';
import type { CameraConfig } from './config.ts';
import type { SimulatedPassage } from './simulator/simulator.ts';

export type CameraOptions = Readonly<{
  log: Log;
  /** Called for each vehicle of a simulated camera once its plate has left the picture. */
  onPassage?: ((cameraId: string, passage: SimulatedPassage) => void) | undefined;
  /** Told when a video began, if that is known, before its first frame. */
  onDated?: ((began: CaptureTime) => void) | undefined;
}>;

/** Opens a camera of any kind, even one that cannot be reached yet; it is retried. */
export async function openCamera(config: CameraConfig, options: CameraOptions): Promise<Camera> {
  switch (config.kind) {
    case 'rtsp':
    case 'http':
    case 'usb': {
      const { openStream } = await import('./stream.ts');
      return openStream(config, options.log);
    }
    case 'file': {
      const { openVideoFile } = await import('./video-file.ts');
      return openVideoFile(config, options.log, options.onDated);
    }
    case 'pictures': {
      const { openPictures } = await import('./pictures.ts');
      return openPictures(config, options.log);
    }
    case 'simulator': {
      const { openSimulator } = await import('./simulator/simulator.ts');
      const { onPassage } = options;
      return openSimulator(config, { onPassage: (passage) => onPassage?.(config.id, passage) });
    }
  }
}
