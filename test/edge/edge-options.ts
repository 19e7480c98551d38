import { createLog } from '../../src/base/log.ts';
import type { Bus } from '../../src/bus/bus.ts';
import type { Camera } from '../../src/camera/camera.ts';
import { DEFAULT_TOPICS } from '../../src/contract/topics.ts';
import { edgeConfigSchema } from '../../src/edge/config.ts';
import type { EdgeOptions } from '../../src/edge/edge.ts';
import type { Images } from '../../src/images/images.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import type { Pipeline } from '../../src/vision/pipeline.ts';

/** An edge with the given cameras, all on one pipeline, for tests. */
export function createEdgeOptions(given: {
  cameras: readonly Camera[];
  createPipeline: () => Pipeline;
  bus: Bus;
  images: Images;
  folder: string;
  config?: object;
}): EdgeOptions {
  return {
    ...given,
    siteId: 'home',
    models: { detector: 'd@1', reader: 'r@1', provider: 'cpu' },
    topics: DEFAULT_TOPICS,
    config: edgeConfigSchema.parse({ spool_segment_bytes: 1_000_000, reserve_bytes: 0, ...given.config }),
    version: '0.1.0',
    metrics: createMetrics(),
    log: createLog({ level: 'silent' }),
  };
}
