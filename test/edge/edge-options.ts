import { expect } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import type { Bus } from '../../src/bus/bus.ts';
import type { Camera } from '../../src/camera/camera.ts';
import { cameraConfigSchema } from '../../src/camera/config.ts';
import { edgeConfigSchema } from '../../src/edge/config.ts';
import type { EdgeOptions } from '../../src/edge/edge.ts';
import { createEdgeMetrics } from '../../src/edge/metrics.ts';
import { unsealCamera } from '../../src/edge/unseal-camera.ts';
import type { Images } from '../../src/images/images.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import type { Pipeline } from '../../src/vision/pipeline.ts';

/** An edge with the given cameras, all on one pipeline, for tests. */
export function createEdgeOptions(given: {
  cameras: readonly Camera[];
  createPipeline: () => Pipeline;
  bus: Bus;
  images: Images;
  folder: string;
  config?: object;
  /** Of each camera. */
  settings?: object;
  telemetry?: Telemetry;
}): EdgeOptions {
  const config = edgeConfigSchema.parse({ spool_segment_bytes: 1_000_000, reserve_bytes: 0, ...given.config });
  return {
    ...given,
    cameras: given.cameras.map(({ id }) => cameraConfigSchema.parse({ kind: 'simulator', id, ...given.settings })),
    openCamera: async ({ id }) => given.cameras.find((camera) => camera.id === id) ?? expect.unreachable(),
    unseal: (camera) => unsealCamera(camera, () => expect.unreachable()),
    siteId: 'home',
    models: { detector: 'd@1', reader: 'r@1', provider: 'cpu' },
    config,
    livePictures: config.live_pictures,
    version: '0.1.0',
    metrics: createEdgeMetrics(given.telemetry ?? new Telemetry()),
    log: createLog({ level: 'silent' }),
  };
}
