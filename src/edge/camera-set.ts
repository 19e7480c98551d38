import type { Log } from '../base/log.ts';
import type { Bus } from '../bus/bus.ts';
import type { Camera } from '../camera/camera.ts';
import type { CameraConfig } from '../camera/config.ts';
import type { CameraStatus } from '../contract/live.ts';
import type { Images } from '../images/images.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import type { Polygon } from '../vision/ignore-mask.ts';
import type { Pipeline } from '../vision/pipeline.ts';
import type { Audience } from './audience.ts';
import { CameraRunner } from './camera-runner.ts';
import type { EdgeConfig } from './config.ts';
import { createRoomCheck } from './disk-space.ts';
import { FrameTimes } from './frame-times.ts';
import { LiveView } from './live.ts';
import { LostLooks } from './lost-looks.ts';
import type { EdgeMetrics } from './metrics.ts';
import type { OpenPassages } from './open-passages.ts';
import { Outbox } from './outbox.ts';
import type { Publisher } from './publisher.ts';
import type { Spool } from './spool.ts';

/** What all cameras of an edge share. */
export type CameraParts = Readonly<{
  siteId: string;
  openCamera: (config: CameraConfig) => Promise<Camera>;
  createPipeline: (camera: Camera, ignore: readonly Polygon[]) => Pipeline;
  models: Readonly<{ detector: string; reader: string; provider: string }>;
  bus: Bus;
  images: Images;
  folder: string;
  config: EdgeConfig;
  version: string;
  metrics: EdgeMetrics;
  tracing?: Tracing;
  log: Log;
  spool: Spool;
  publisher: Publisher;
  openPassages: OpenPassages;
  audience: Audience;
}>;

type Running = Readonly<{ runner: CameraRunner; stop: AbortController; ended: Promise<void> }>;

/** The cameras of an edge at work, each by itself: they come and go while the others run. */
export class CameraSet implements AsyncDisposable {
  readonly #parts: CameraParts;
  readonly #running = new Map<string, Running>();

  constructor(parts: CameraParts) {
    this.#parts = parts;
  }

  /** Opens a camera and lets it run; rejects where it cannot be opened at all. */
  async start(config: CameraConfig): Promise<void> {
    const camera = await this.#parts.openCamera(config);
    const runner = createRunner(this.#parts, camera, config);
    const stop = new AbortController();
    this.#running.set(camera.id, { runner, stop, ended: runCamera(runner, camera, stop, this.#parts.log) });
  }

  /** Lets the passages of a camera end and closes it; false where it does not run. */
  async stop(id: string): Promise<boolean> {
    const running = this.#running.get(id);
    if (!running) return false;
    running.stop.abort();
    await running.ended;
    this.#running.delete(id);
    // A camera that is not wanted any more is not down.
    this.#parts.metrics.cameraUp.remove({ camera: id });
    return true;
  }

  statuses(): readonly CameraStatus[] {
    return [...this.#running.values()].map(({ runner }) => runner.status());
  }

  /** Resolves when all cameras that run now have ended. */
  async ended(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { stop } of this.#running.values()) stop.abort();
    await this.ended();
  }
}

function createRunner(parts: CameraParts, camera: Camera, given: CameraConfig): CameraRunner {
  const { ignore, zones, lines, confidence_temperature: temperature } = given;
  const { config, metrics, bus, audience, siteId } = parts;
  const log = parts.log.child({ camera_id: camera.id });
  const picturesPerSecond = config.live_pictures_per_second;
  const live = new LiveView({ bus, audience, log, siteId, picturesPerSecond });
  const hasRoom = createRoomCheck({ ...parts, reserveBytes: config.reserve_bytes });
  const markings = { zones, lines };
  const frameTimes = parts.tracing?.isOn ? new FrameTimes() : undefined;
  const named = { cameraName: camera.name, markings, log, now: Date.now, hasRoom, frameTimes };
  const outbox = new Outbox({ ...parts, ...named });
  return new CameraRunner({
    camera,
    pipeline: parts.createPipeline(camera, ignore),
    outbox,
    live,
    lostLooks: new LostLooks({ images: parts.images, siteId, cameraId: camera.id, hasRoom, log }),
    markings,
    temperature,
    queueFrames: config.queue_frames,
    models: parts.models,
    metrics,
    log,
    frameTimes,
  });
}

/** Reports a camera that fails for good; the others continue. */
async function runCamera(runner: CameraRunner, camera: Camera, stop: AbortController, log: Log): Promise<void> {
  try {
    await runner.run(stop.signal);
    log.info({ camera_id: camera.id }, 'the camera ends');
  } catch (error) {
    log.error({ camera_id: camera.id, err: error }, 'the camera fails');
  } finally {
    await camera[Symbol.asyncDispose]();
  }
}
