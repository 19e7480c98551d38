import type { Log } from '../base/log.ts';
import { LatestQueue } from '../base/queue.ts';
import type { Camera } from '../camera/camera.ts';
import type { CameraStatus } from '../contract/live.ts';
import type { Frame } from '../vision/frame.ts';
import type { LostPassage } from '../vision/fuse/passage-book.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import type { Markings } from '../vision/markings.ts';
import type { Observation, Pipeline } from '../vision/pipeline.ts';
import type { FrameTimes } from './frame-times.ts';
import type { LiveView } from './live.ts';
import type { LostLooks } from './lost-looks.ts';
import type { EdgeMetrics } from './metrics.ts';
import type { Outbox } from './outbox.ts';
import { FrameRate, Median } from './tally.ts';
import { temperSighting } from './temper-sighting.ts';
import { UnsentSightings } from './unsent.ts';

const STATUS_INTERVAL_MS = 2000;

/** How long the event of the last passage may still wait for a disk that refuses, milliseconds. */
const STOP_GRACE_MS = 5000;

/** Sightings that may wait for the disk; above this a camera that can wait has to. */
const MAX_UNSENT = 64;

export type CameraRunnerOptions = Readonly<{
  camera: Camera;
  pipeline: Pipeline;
  outbox: Outbox;
  live: LiveView;
  /** Keeps a sample of the plates that nobody could read. */
  lostLooks: LostLooks;
  /** What is drawn on its picture. */
  markings: Markings;
  /** What the log-odds of its confidences are divided by. */
  temperature: number;
  /** Frames that may wait for the pipeline; more are dropped, oldest first. */
  queueFrames: number;
  /** Say what runs the detector now. */
  models: Readonly<{ provider: string }>;
  metrics: EdgeMetrics;
  log: Log;
  /** Where passages are traced: takes what was done for each frame. */
  frameTimes?: FrameTimes | undefined;
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
  #passagesLost = 0;
  #restarts = 0;
  #lastSequence: number | undefined;
  readonly #unsent: UnsentSightings;

  constructor(options: CameraRunnerOptions) {
    this.#options = options;
    this.#unsent = new UnsentSightings({ ...options, cameraId: options.camera.id });
  }

  async run(signal: AbortSignal): Promise<void> {
    const reporting = setInterval(() => this.#report(), STATUS_INTERVAL_MS);
    this.#report();
    try {
      await (this.#options.camera.live ? this.#runLive(signal) : this.#runFile(signal));
    } finally {
      const { sightings, lost } = await this.#options.pipeline.end();
      this.#countLost(lost);
      for (const sighting of sightings) this.#send(sighting);
      // The time starts here because on a busy machine ending the last passages takes longer than writing them.
      if (signal.aborted) await this.#unsent.stop(STOP_GRACE_MS);
      else await this.#emptyUntil(signal);
      await this.#options.lostLooks.settled();
      clearInterval(reporting);
      this.#report();
    }
  }

  status(): CameraStatus {
    const { camera, models, markings } = this.#options;
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
      passages_lost: this.#passagesLost,
      char_height_px: this.#charHeight.value(),
      detector_provider: models.provider,
      directions: [...new Set(markings.lines.flatMap(({ directions }) => directions))],
      zones: markings.zones.map(({ id }) => id),
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
      if (this.#unsent.size > MAX_UNSENT) await this.#unsent.empty();
    }
  }

  async #observe(frame: Frame): Promise<void> {
    const { pipeline, live, metrics, log, camera, frameTimes } = this.#options;
    const startedAt = Date.now();
    try {
      const observation = await pipeline.observe(frame);
      this.#count(observation);
      const { gated, timings } = observation;
      if (!gated) frameTimes?.note(frame.sequence, { capturedAt: frame.capturedAt, startedAt, timings });
      live.show(frame, observation.tracks);
      for (const sighting of observation.sightings) this.#send(sighting);
      // Passages keep pictures of frames in which something was found.
      if (observation.detections.length === 0) frame.giveBack?.();
    } catch (error) {
      this.#dropped.failed = (this.#dropped.failed ?? 0) + 1;
      metrics.frames.inc({ camera: camera.id, outcome: 'failed' });
      log.error({ err: error, sequence: frame.sequence }, 'a frame cannot be processed');
    }
  }

  #count(observation: Observation): void {
    const { metrics, camera } = this.#options;
    this.#processed++;
    this.#rateProcessed.count();
    metrics.frames.inc({ camera: camera.id, outcome: observation.gated ? 'skipped' : 'processed' });
    this.#countLost(observation.lost);
    for (const { light } of observation.unplated) this.#countPassage({ outcome: 'no_plate', reason: '', light });
    if (observation.gated) return;
    const { detectMs, trackMs, readMs, fuseMs } = observation.timings;
    const stages = { detect: detectMs, track: trackMs, read: readMs, fuse: fuseMs };
    for (const [stage, ms] of Object.entries(stages)) if (ms > 0) metrics.stage.observe({ stage }, ms / 1000);
  }

  #countLost(lost: readonly LostPassage[]): void {
    for (const { reason, light } of lost) this.#countPassage({ outcome: 'lost', reason, light });
    this.#passagesLost += lost.length;
    this.#options.lostLooks.take(lost);
  }

  #countPassage(labels: Readonly<{ outcome: 'read' | 'lost' | 'no_plate'; reason: string; light: string }>): void {
    this.#options.metrics.passages.inc({ camera: this.#options.camera.id, ...labels });
  }

  /** When the source has ended by itself, waits for the disk until somebody stops it. */
  async #emptyUntil(signal: AbortSignal): Promise<void> {
    const stop = () => void this.#unsent.stop(STOP_GRACE_MS);
    signal.addEventListener('abort', stop, { once: true });
    await this.#unsent.empty();
    signal.removeEventListener('abort', stop);
  }

  #send(sighting: Sighting): void {
    if (sighting.status === 'final') {
      this.#passages++;
      this.#charHeight.add(sighting.best.charHeightPx);
      this.#countPassage({ outcome: 'read', reason: '', light: sighting.light ?? '' });
    }
    this.#unsent.add(temperSighting(sighting, this.#options.temperature));
  }

  /** Missing numbers are frames that the camera itself dropped because this process was late. */
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
    live
      .report(this.status())
      .catch((error: unknown) => log.warn({ err: error }, 'the state of the camera is not shown'));
  }
}
