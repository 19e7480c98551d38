import { join } from 'node:path';
import { lockFolder } from '../base/folder-lock.ts';
import type { Log } from '../base/log.ts';
import type { Bus } from '../bus/bus.ts';
import type { Camera } from '../camera/camera.ts';
import { encodeEvent } from '../contract/codec.ts';
import type { CameraStatus } from '../contract/live.ts';
import type { Images } from '../images/images.ts';
import type { Pipeline } from '../vision/pipeline.ts';
import { type Audience, openAudience } from './audience.ts';
import { CameraRunner } from './camera-runner.ts';
import type { EdgeConfig } from './config.ts';
import { createRoomCheck, giveUpPictures } from './disk-space.ts';
import { LiveView } from './live.ts';
import type { EdgeMetrics } from './metrics.ts';
import { OpenPassages } from './open-passages.ts';
import { Outbox } from './outbox.ts';
import { Publisher } from './publisher.ts';
import { Spool } from './spool.ts';

const CLEAR_MS = 1_800_000;

export type EdgeOptions = Readonly<{
  siteId: string;
  cameras: readonly Camera[];
  createPipeline: (camera: Camera) => Pipeline;
  models: Readonly<{ detector: string; reader: string; provider: string }>;
  bus: Bus;
  images: Images;
  /** Folder of the spool and the open passages, which this edge alone uses. */
  folder: string;
  config: EdgeConfig;
  /** When live pictures are shown. */
  livePictures: EdgeConfig['live_pictures'];
  version: string;
  metrics: EdgeMetrics;
  log: Log;
}>;

export type Edge = AsyncDisposable &
  Readonly<{
    /** Resolves when every camera has ended; live cameras never do. */
    ended: Promise<void>;
    statuses(): readonly CameraStatus[];
  }>;

/**
 * Runs all cameras and turns their frames into spooled and published events. Disposal ends the cameras, then empties
 * the spool if it can. ALREADY_RUNNING when another edge has the folder.
 */
export async function runEdge(options: EdgeOptions): Promise<Edge> {
  const { bus, log, metrics, config, livePictures } = options;
  await using opened = new AsyncDisposableStack();
  opened.use(await lockFolder(options.folder));
  const spool = opened.use(
    await Spool.open({
      folder: join(options.folder, 'spool'),
      segmentBytes: config.spool_segment_bytes,
      log,
      freeSpace: () => giveUpPictures(options.images),
      onGivenUp: (events, reason) => metrics.eventsGivenUp.inc({ reason }, events),
    }),
  );
  metrics.eventsGivenUp.inc({ reason: 'damaged' }, spool.damagedRecords);
  const openPassages = await OpenPassages.open(join(options.folder, 'open-passages'), log);
  await endInterrupted(openPassages, spool, log);
  const publisher = opened.use(new Publisher({ spool, bus, log, metrics }));
  opened.use(clearNowAndThen(spool, log));

  const audience = opened.use(await openAudience({ bus, mode: livePictures, log }));
  const parts = { ...options, spool, publisher, openPassages, audience };
  const runners = options.cameras.map((camera) => ({ camera, runner: createRunner({ ...parts, camera }) }));
  const stopping = new AbortController();
  const ended = Promise.all(runners.map(({ runner, camera }) => runCamera(runner, camera, stopping, log)));
  opened.defer(async () => {
    stopping.abort();
    await ended;
  });
  const closing = opened.move();
  return {
    ended: ended.then(() => undefined),
    statuses: () => runners.map(({ runner }) => runner.status()),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** Plates that the bus has taken leave this disk soon, also where no vehicle passes for days. */
function clearNowAndThen(spool: Spool, log: Log): Disposable {
  const clear = () => spool.clear().catch((err: unknown) => log.warn({ err }, 'the spool cannot begin a new file'));
  const timer = setInterval(() => void clear(), CLEAR_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Gives passages that a crash cut off their final revision. */
async function endInterrupted(openPassages: OpenPassages, spool: Spool, log: Log): Promise<void> {
  for (const event of await openPassages.interrupted()) {
    await spool.append(encodeEvent(event));
    await openPassages.forget(event.event_id);
    log.info({ event_id: event.event_id, revision: event.revision }, 'an interrupted passage is ended');
  }
}

type RunnerParts = EdgeOptions &
  Readonly<{ camera: Camera; spool: Spool; publisher: Publisher; openPassages: OpenPassages; audience: Audience }>;

function createRunner(parts: RunnerParts): CameraRunner {
  const { camera, config, metrics, bus, audience, siteId } = parts;
  const log = parts.log.child({ camera: camera.id });
  const picturesPerSecond = config.live_pictures_per_second;
  const live = new LiveView({ bus, audience, log, siteId, picturesPerSecond });
  const hasRoom = createRoomCheck({ ...parts, reserveBytes: config.reserve_bytes });
  const outbox = new Outbox({ ...parts, cameraName: camera.name, log, now: Date.now, hasRoom });
  return new CameraRunner({
    camera,
    pipeline: parts.createPipeline(camera),
    outbox,
    live,
    queueFrames: config.queue_frames,
    provider: parts.models.provider,
    metrics,
    log,
  });
}

/** Reports a camera that fails for good; the others continue. */
async function runCamera(runner: CameraRunner, camera: Camera, stopping: AbortController, log: Log): Promise<void> {
  try {
    await runner.run(stopping.signal);
    log.info({ camera: camera.id }, 'the camera ends');
  } catch (error) {
    log.error({ camera: camera.id, err: error }, 'the camera fails');
  } finally {
    await camera[Symbol.asyncDispose]();
  }
}
