import type { Log } from '../base/log.ts';
import type { Bus } from '../bus/bus.ts';
import type { Topics } from '../contract/topics.ts';
import { type Edge, runEdge } from '../edge/edge.ts';
import type { Images } from '../images/images.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Config } from './config.ts';
import { openCameras } from './open-cameras.ts';
import type { Vision } from './open-vision.ts';
import { VERSION } from './version.ts';

/** Opens the configured cameras and runs them on the given bus and image store. */
export async function openEdge(parts: {
  config: Config;
  vision: Vision;
  bus: Bus;
  topics: Topics;
  images: Images;
  metrics: Metrics;
  log: Log;
  /** Where the spool lives. */
  folder: string;
}): Promise<Edge> {
  const { config, vision, log } = parts;
  const { detector, reader } = vision.models;
  return runEdge({
    ...parts,
    siteId: config.site.id,
    cameras: await openCameras(config, log),
    createPipeline: vision.createPipeline,
    models: { detector: detector.id, reader: reader.id, provider: detector.provider },
    config: config.edge,
    version: VERSION,
  });
}
