import type { Log } from '../base/log.ts';
import { backoffDelay, pause } from '../base/retry.ts';
import type { Frame } from '../vision/frame.ts';
import { createMask } from './address.ts';
import type { Camera, CameraState } from './camera.ts';
import { CameraStatus } from './camera-status.ts';
import { composeFrame } from './compose-frame.ts';
import type { HttpConfig, RtspConfig, UsbConfig } from './config.ts';
import { explainFailure, type Failure } from './explain-failure.ts';
import { FfmpegRun, type PicturePair, type RunEnd } from './ffmpeg.ts';
import { buildArguments } from './ffmpeg-arguments.ts';
import { type FfmpegBinary, findFfmpeg } from './ffmpeg-binary.ts';

type LiveConfig = RtspConfig | HttpConfig | UsbConfig;

/** Opens a camera that sends a stream. FFMPEG_MISSING when nothing can decode it; all other failures are retried. */
export async function openStream(config: LiveConfig, log: Log): Promise<Camera> {
  const binary = await findFfmpeg(config.ffmpeg);
  return new Stream(config, binary, log.child({ camera: config.id }));
}

class Stream implements Camera {
  readonly id: string;
  readonly name: string;
  readonly kind: LiveConfig['kind'];
  readonly live = true;
  readonly stills = false;
  readonly #config: LiveConfig;
  readonly #binary: FfmpegBinary;
  readonly #log: Log;
  readonly #mask: (text: string) => string;
  readonly #closed = new AbortController();
  readonly #status = new CameraStatus();
  #sequence = 0;
  #begin = 0;

  constructor(config: LiveConfig, binary: FfmpegBinary, log: Log) {
    this.id = config.id;
    this.name = config.name ?? config.id;
    this.kind = config.kind;
    this.#config = config;
    this.#binary = binary;
    this.#log = log;
    this.#mask = config.kind === 'usb' ? (text) => text : createMask(config);
  }

  get state(): CameraState {
    return this.#status.state;
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Frame> {
    const stop = AbortSignal.any([signal, this.#closed.signal]);
    this.#begin = performance.now();
    let attempt = 0;
    while (!stop.aborted) {
      const started = performance.now();
      const before = this.state.framesIn;
      const end = yield* this.#runOnce(stop);
      if (stop.aborted) break;
      this.#status.countRestart();
      if (end.cause === 'resize' && this.state.framesIn > before) {
        this.#log.info({}, 'the size of the pictures changes; the stream is reopened');
        continue;
      }
      const steady = this.state.framesIn > before && performance.now() - started > this.#config.restart.max_ms;
      attempt = steady ? 0 : attempt + 1;
      await this.#wait(explainFailure(end, this.#config.stall_timeout_ms, this.#mask), Math.max(0, attempt - 1), stop);
    }
    this.#status.enter('ended', 'The camera was closed.');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
  }

  async *#runOnce(stop: AbortSignal): AsyncGenerator<Frame, RunEnd> {
    const { small_width: width, small_height: height, stall_timeout_ms: stallMs } = this.#config;
    if (this.state.state !== 'running') this.#status.enter('connecting', 'Opening the stream.');
    await using run = new FfmpegRun({
      path: this.#binary.path,
      args: buildArguments(this.#config, this.#binary),
      smallBytes: width * height * 3,
      dropLate: true,
      stallMs,
    });
    const kill = () => run.kill();
    stop.addEventListener('abort', kill, { once: true });
    const first = this.#sequence;
    try {
      for await (const pair of run.pairs()) {
        if (stop.aborted) break;
        this.#sequence = first + pair.index + 1;
        yield this.#hand(pair, first + pair.index);
      }
    } finally {
      stop.removeEventListener('abort', kill);
    }
    return await run.end();
  }

  #hand(pair: PicturePair, sequence: number): Frame {
    const { small_width: width, small_height: height } = this.#config;
    this.#status.countFrame(pair.full);
    this.#status.enter('running', `Pictures of ${pair.full.width}×${pair.full.height} come in.`);
    return composeFrame(pair, {
      cameraId: this.id,
      sequence,
      small: { width, height },
      capturedAt: Math.round(Date.now() - (performance.now() - pair.arrivedAt)),
      mediaTime: pair.arrivedAt - this.#begin,
    });
  }

  /** A camera that refuses the password is retried rarely, because many lock the account after a few attempts. */
  async #wait(failure: Failure, attempt: number, stop: AbortSignal): Promise<void> {
    const { first_ms: firstMs, max_ms: maxMs, factor } = this.#config.restart;
    const delay = failure.refused ? maxMs : backoffDelay({ firstMs, maxMs, factor }, attempt);
    const message = `${capitalise(failure.sentence)}. Trying again in ${(delay / 1000).toFixed(1)} s.`;
    this.#status.enter('retrying', message);
    const fields = { reason: failure.sentence, restarts: this.state.restarts, delay_ms: Math.round(delay) };
    this.#log.warn(fields, 'the stream is interrupted; trying again');
    await pause(delay, stop);
  }
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
