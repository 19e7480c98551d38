import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import { LatestQueue } from '../base/queue.ts';
import { retryForever } from '../base/retry.ts';
import type { Camera } from '../camera/camera.ts';
import type { CameraStatus } from '../contract/live.ts';
import type { Frame } from '../vision/frame.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import type { Observation, Pipeline } from '../vision/pipeline.ts';
import type { LiveView } from './live.ts';
import type { Outbox } from './outbox.ts';
import { FrameRate, Median } from './tally.ts';

const SPOOL_RETRY = { firstMs: 200, maxMs: 10_000, factor: 2 };
const STATUS_INTERVAL_MS = 2000;

/** After the stop signal, how long an event may still wait for the disk. */
const STOP_GRACE_MS = 5000;

/** Sightings that may wait for the disk before the camera itself has to wait. */
const MAX_UNSENT = 64;

export type CameraRunnerOptions = Readonly<{
  camera: Camera;
  pipeline: Pipeline;
  outbox: Outbox;
  live: LiveView;
  /** Frames that may wait for the pipeline; more are dropped, oldest first. */
  queueFrames: number;
  provider: string;
  metrics: Metrics;
  log: Log;
}>;

/** Runs one camera from its frames to spooled events until the source ends or `signal` aborts. */
export class CameraRunner {
  readonly #options: CameraRunnerOptions;
  readonly #dropped: Record<string, number> = {};
  readonly #rateIn = new FrameRate();
  readonly #rateProcessed = new FrameRate();
  readonly #charHeight = new Median(101);
  #processed = 0;
  #passages = 0;
  #restarts = 0;
  #lastSequence: number | undefined;
  #unsent = 0;
  #sending: Promise<void> = Promise.resolve();
  readonly #giveUp = new AbortController();

  constructor(options: CameraRunnerOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => setTimeout(() => this.#giveUp.abort(), STOP_GRACE_MS).unref(), {
      once: true,
    });
    const reporting = setInterval(() => this.#report(), STATUS_INTERVAL_MS);
    this.#report();
    try {
      await (this.#options.camera.live ? this.#runLive(signal) : this.#runFile(signal));
    } finally {
      for (const sighting of await this.#options.pipeline.end()) this.#send(sighting);
      await this.#sending;
      clearInterval(reporting);
      this.#report();
    }
  }

  status(): CameraStatus {
    const { camera, provider } = this.#options;
    const { state, message, since, width, height, framesIn } = camera.state;
    return {
      camera_id: camera.id,
      name: camera.name,
      kind: camera.kind,
      state,
      message,
      since: new Date(since).toISOString(),
      width,
      height,
      frames_in: framesIn,
      frames_processed: this.#processed,
      frames_dropped: { ...this.#dropped },
      fps_in: this.#rateIn.perSecond(),
      fps_processed: this.#rateProcessed.perSecond(),
      passages: this.#passages,
      char_height_px: this.#charHeight.value(),
      detector_provider: provider,
    };
  }

  async #runLive(signal: AbortSignal): Promise<void> {
    const queue = new LatestQueue<Frame>(this.#options.queueFrames, () => this.#drop('queue'));
    const filling = this.#fill(queue, signal);
    for await (const frame of queue) await this.#observe(frame);
    await filling;
  }

  async #fill(queue: LatestQueue<Frame>, signal: AbortSignal): Promise<void> {
    try {
      for await (const frame of this.#options.camera.frames(signal)) {
        this.#rateIn.count();
        this.#countGap(frame);
        queue.push(frame);
      }
    } finally {
      queue.end();
    }
  }

  async #runFile(signal: AbortSignal): Promise<void> {
    for await (const frame of this.#options.camera.frames(signal)) {
      this.#rateIn.count();
      await this.#observe(frame);
      if (this.#unsent > MAX_UNSENT) await this.#sending;
    }
  }

  async #observe(frame: Frame): Promise<void> {
    const { pipeline, live, metrics, log, camera } = this.#options;
    try {
      const observation = await pipeline.observe(frame);
      this.#count(observation);
      live.show(frame, observation.tracks);
      for (const sighting of observation.sightings) this.#send(sighting);
    } catch (error) {
      this.#dropped.failed = (this.#dropped.failed ?? 0) + 1;
      metrics.frames.inc({ camera: camera.id, outcome: 'failed' });
      log.error({ err: error, sequence: frame.sequence }, 'A frame could not be processed');
    }
  }

  #count(observation: Observation): void {
    const { metrics, camera } = this.#options;
    this.#processed++;
    this.#rateProcessed.count();
    metrics.frames.inc({ camera: camera.id, outcome: observation.gated ? 'skipped' : 'processed' });
    for (const { reason } of observation.lost) metrics.passages.inc({ camera: camera.id, outcome: 'lost', reason });
    if (observation.gated) return;
    const { detectMs, trackMs, readMs, fuseMs } = observation.timings;
    const stages = { detect: detectMs, track: trackMs, read: readMs, fuse: fuseMs };
    for (const [stage, ms] of Object.entries(stages)) if (ms > 0) metrics.stage.observe({ stage }, ms / 1000);
  }

  /** Revisions of one camera go out one after the other; a full disk holds them back, it does not lose them. */
  #send(sighting: Sighting): void {
    const { outbox, log, metrics, camera } = this.#options;
    this.#unsent++;
    if (sighting.status === 'final') {
      this.#passages++;
      this.#charHeight.add(sighting.best.charHeightPx);
      metrics.passages.inc({ camera: camera.id, outcome: 'read', reason: '' });
    }
    const sent = retryForever.bind(undefined, {
      work: () => outbox.send(sighting),
      backoff: SPOOL_RETRY,
      signal: this.#giveUp.signal,
      onError: (error, delayMs) => log.error({ err: error, delay_ms: delayMs }, 'An event could not be spooled'),
    });
    this.#sending = this.#sending
      .then(sent)
      .catch((error: unknown) => log.error({ err: error, text: sighting.text }, 'Stopped before an event was spooled'))
      .then(() => {
        this.#unsent--;
      });
  }

  /** Numbers left out are frames that the camera itself dropped because this process was late. */
  #countGap({ sequence }: Frame): void {
    const gap = this.#lastSequence === undefined ? 0 : sequence - this.#lastSequence - 1;
    this.#lastSequence = sequence;
    for (let missing = 0; missing < gap; missing++) this.#drop('late');
  }

  #drop(reason: 'queue' | 'late'): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + 1;
    this.#options.metrics.frames.inc({ camera: this.#options.camera.id, outcome: `dropped_${reason}` });
  }

  #report(): void {
    const { live, log, metrics, camera } = this.#options;
    const { state, restarts } = camera.state;
    metrics.cameraUp.set({ camera: camera.id }, state === 'running' ? 1 : 0);
    metrics.cameraRestarts.inc({ camera: camera.id }, restarts - this.#restarts);
    this.#restarts = restarts;
    live.report(this.status()).catch((error: unknown) => log.warn({ err: error }, 'The camera’s state was not shown'));
  }
}
