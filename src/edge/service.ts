import { join, resolve } from 'node:path';
import { requireFree } from '../base/folder-lock.ts';
import type { Log } from '../base/log.ts';
import type { RunningService, Service } from '../base/service.ts';
import type { Bus } from '../bus/bus.ts';
import type { Camera } from '../camera/camera.ts';
import type { CameraConfig } from '../camera/config.ts';
import type { CameraStatus } from '../contract/live.ts';
import type { Images } from '../images/images.ts';
import type { ModelRegistry } from '../models/registry/registry.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import type { Polygon } from '../vision/ignore-mask.ts';
import type { Pipeline } from '../vision/pipeline.ts';
import type { EdgeConfig } from './config.ts';
import type { Shadow } from './models/follow-challenger.ts';
import type { Seats } from './models/kind-sync.ts';
import type { ModelSync } from './models/model-sync.ts';
import { type ModelKind, modelFolderOf } from './models/sync-state.ts';

type Loaded = Readonly<{ name: string; id: string; provider: string }>;
type Vision = Seats &
  Readonly<{
    models: Readonly<{ detector: Loaded; reader: Loaded; vehicle?: Loaded }>;
    createPipeline(camera: Camera, ignore: readonly Polygon[]): Pipeline;
  }>;

type Needs = Readonly<{
  bus: Bus;
  images: Images;
  vision: Vision;
  registry: ModelRegistry;
  cameras: Readonly<{ open(config: CameraConfig): Promise<Camera> }>;
  /** Reads beside the cameras' reader, without being asked. */
  shadow: Shadow & AsyncDisposable;
}>;
type Context = Readonly<{
  config: Readonly<{
    data: string;
    site: Readonly<{ id: string }>;
    cameras: readonly CameraConfig[];
    accounts: Readonly<{ key_file: string }>;
    edge: EdgeConfig;
    models: Configured &
      Readonly<{
        registry: Readonly<{ poll_s: number }>;
        shadow: Readonly<{ reader?: string | undefined }>;
      }>;
  }>;
  livePictures: EdgeConfig['live_pictures'];
  version: string;
  telemetry: Telemetry;
  tracing: Tracing;
  log: Log;
}>;

type Configured = Readonly<Partial<Record<ModelKind, string | undefined>>>;

/** Runs the cameras to published events. Events wait in the spool for a bus that is away: cameras go on. */
export const edgeService: Service<Needs, Context> = {
  name: 'edge',
  summary: 'run the cameras only; events go to Kafka, or without Kafka to standard output as lines of JSON',
  needs: { bus: 'useful', images: 'useful', vision: 'vital', registry: 'useful', cameras: 'vital', shadow: 'useful' },
  groups: [],
  check: (config) => requireFree(folderOf(config)),
  async open({ vision, registry, shadow, cameras, config, telemetry, ...given }): Promise<RunningService> {
    const [{ runEdge }, { createEdgeMetrics }, { unsealCamera }, { openKeyFile }] = await Promise.all([
      import('./edge.ts'),
      import('./metrics.ts'),
      import('./unseal-camera.ts'),
      import('../identity/key-file.ts'),
    ]);
    const { detector, reader } = vision.models;
    await using opened = new AsyncDisposableStack();
    const models = config.edge.models.follow_registry
      ? opened.use(await openModels({ vision, registry, shadow, config, telemetry, log: given.log }))
      : undefined;
    const running = opened.use(
      await runEdge({
        ...given,
        config: config.edge,
        siteId: config.site.id,
        folder: folderOf(config),
        cameras: config.cameras,
        unseal: (camera) => unsealCamera(camera, () => openKeyFile(resolve(config.data, config.accounts.key_file))),
        openCamera: (camera) => cameras.open(camera),
        createPipeline: (camera, ignore) => {
          const pipeline = vision.createPipeline(camera, ignore);
          return models?.watch(camera.id, pipeline) ?? pipeline;
        },
        models: {
          detector: detector.id,
          reader: reader.id,
          get provider() {
            return vision.models.detector.provider;
          },
        },
        metrics: createEdgeMetrics(telemetry),
      }),
    );
    const closing = opened.move();
    return {
      parts: [
        { name: 'cameras', dependence: 'vital', check: async () => describeCameras(running.statuses()) },
        ...(models ? [{ name: 'models', dependence: 'useful' as const, check: async () => models.examine() }] : []),
      ],
      ended: running.ended,
      [Symbol.asyncDispose]: () => closing.disposeAsync(),
    };
  },
};

type Models = Pick<Needs, 'vision' | 'registry' | 'shadow'> & Pick<Context, 'config' | 'telemetry' | 'log'>;

async function openModels({ vision, registry, shadow, config, telemetry, log }: Models): Promise<ModelSync> {
  const [{ ModelSync }, { createModelMetrics }, { ChallengerSync }] = await Promise.all([
    import('./models/model-sync.ts'),
    import('./models/metrics.ts'),
    import('./models/follow-challenger.ts'),
  ]);
  const folder = modelFolderOf(config);
  const isConfigured = config.models.shadow.reader !== undefined;
  return ModelSync.open({
    ...{ seats: vision, registry, log },
    configured: config.models,
    challenger: isConfigured
      ? undefined
      : new ChallengerSync({ shadow, registry, folder: join(folder, 'challenger'), log }),
    folder,
    pollSeconds: config.models.registry.poll_s,
    rules: config.edge.models,
    metrics: createModelMetrics(telemetry),
  });
}

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
