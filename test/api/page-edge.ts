import { join } from 'node:path';
import { createLog } from '../../src/base/log.ts';
import { type CameraConfig, cameraConfigSchema } from '../../src/camera/config.ts';
import { openCamera } from '../../src/camera/open.ts';
import { type Edge, runEdge } from '../../src/edge/edge.ts';
import { unsealCamera } from '../../src/edge/unseal-camera.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';
import type { Pipeline } from '../../src/vision/pipeline.ts';
import { createEdgeOptions } from '../edge/edge-options.ts';
import type { BackEnd } from './api-fixture.ts';

const NOTHING = { gated: false, detections: [], tracks: [], sightings: [], lost: [], unplated: [] };
const pipeline: Pipeline = {
  observe: async () => ({ ...NOTHING, timings: { detectMs: 1, trackMs: 1, readMs: 1, fuseMs: 1 } }),
  end: async () => ({ sightings: [], lost: [] }),
};

/**
 * An edge on the bus of the back end that runs what the page adds, without networks. A small simulated road stands for every camera;
 * `onOpen` is told what it stands for.
 */
export async function openPageEdge(
  { bus, images, folder }: Pick<BackEnd, 'bus' | 'images' | 'folder'>,
  onOpen: (config: CameraConfig) => void = () => undefined,
): Promise<Edge> {
  const log = createLog({ level: 'silent' });
  return runEdge({
    ...createEdgeOptions({
      ...{ cameras: [], createPipeline: () => pipeline, bus, images, folder },
      config: { live_pictures: 'always' },
    }),
    openCamera(config) {
      onOpen(config);
      const { id, name, ignore, zones, lines } = config;
      const road = { kind: 'simulator', width: 320, height: 180, night: false };
      return openCamera(cameraConfigSchema.parse({ ...road, id, name, ignore, zones, lines }), { log });
    },
    unseal: (camera) => unsealCamera(camera, () => openKeyFile(join(folder, 'sign-in.key'))),
  });
}
