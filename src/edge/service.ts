import { join, resolve } from 'node:path';
import { requireFree } from '../base/folder-lock.ts';
import type { Log } from '../base/log.ts';
import type { RunningService, Service } from '../base/service.ts';
import type { Bus } from '../bus/bus.ts';
import type { Camera } from '../camera/camera.ts';
import type { CameraConfig } from '../camera/config.ts';
import type { CameraStatus } from '../contract/live.ts';
import type { Images } from '../images/images.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import type { Polygon } from '../vision/ignore-mask.ts';
import type { Pipeline } from '../vision/pipeline.ts';
import type { EdgeConfig } from './config.ts';

type Vision = Readonly<{
  models: Readonly<{ detector: Readonly<{ id: string; provider: string }>; reader: Readonly<{ id: string }> }>;
  createPipeline(camera: Camera, ignore: readonly Polygon[]): Pipeline;
}>;

type Needs = Readonly<{
  bus: Bus;
  images: Images;
  vision: Vision;
  cameras: Readonly<{ open(config: CameraConfig): Promise<Camera> }>;
}>;
type Context = Readonly<{
  config: Readonly<{
    data: string;
    site: Readonly<{ id: string }>;
    cameras: readonly CameraConfig[];
    accounts: Readonly<{ key_file: string }>;
    edge: EdgeConfig;
  }>;
  livePictures: EdgeConfig['live_pictures'];
  version: string;
  telemetry: Telemetry;
  tracing: Tracing;
  log: Log;
}>;

/** Runs the cameras to published events. Events wait in the spool for a bus that is away: cameras go on. */
export const edgeService: Service<Needs, Context> = {
  name: 'edge',
  summary: 'run the cameras only; events go to Kafka, or without Kafka to standard output as lines of JSON',
  needs: { bus: 'useful', images: 'useful', vision: 'vital', cameras: 'vital' },
  groups: [],
  check: (config) => requireFree(folderOf(config)),
  async open({ vision, cameras, config, telemetry, ...given }): Promise<RunningService> {
    const [{ runEdge }, { createEdgeMetrics }, { unsealCamera }, { openKeyFile }] = await Promise.all([
      import('./edge.ts'),
      import('./metrics.ts'),
      import('./unseal-camera.ts'),
      import('../identity/key-file.ts'),
    ]);
    const { detector, reader } = vision.models;
    const running = await runEdge({
      ...given,
      config: config.edge,
      siteId: config.site.id,
      folder: folderOf(config),
      cameras: config.cameras,
      unseal: (camera) => unsealCamera(camera, () => openKeyFile(resolve(config.data, config.accounts.key_file))),
      openCamera: (camera) => cameras.open(camera),
      createPipeline: (camera, ignore) => vision.createPipeline(camera, ignore),
      models: { detector: detector.id, reader: reader.id, provider: detector.provider },
      metrics: createEdgeMetrics(telemetry),
    });
    return {
      parts: [{ name: 'cameras', dependence: 'vital', check: async () => describeCameras(running.statuses()) }],
      ended: running.ended,
      [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
    };
  },
};

function folderOf({ data }: Context['config']): string {
  return join(data, 'edge');
}

/** An edge of which no camera delivers frames does not do its work; one of several is for the metrics. */
function describeCameras(cameras: readonly CameraStatus[]) {
  const states = cameras.map(({ camera_id: id, state, message }) => ({ id, state, message }));
  const troubled = states.filter(({ state }) => state === 'failed' || state === 'retrying');
  if (states.length === 0 || troubled.length < states.length) return { ok: true, cameras: states };
  return { ok: false, cameras: states, message: 'No camera delivers pictures' };
}
