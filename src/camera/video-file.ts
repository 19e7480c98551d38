import { stat } from 'node:fs/promises';
import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Frame } from '../vision/frame.ts';
import type { Camera, CameraState } from './camera.ts';
import { CameraStatus } from './camera-status.ts';
import { composeFrame } from './compose-frame.ts';
import type { FileConfig } from './config.ts';
import { FfmpegRun, type RunEnd } from './ffmpeg.ts';
import { buildArguments } from './ffmpeg-arguments.ts';
import { type FfmpegBinary, findFfmpeg } from './ffmpeg-binary.ts';

/** Endings of files that are taken for videos. */
export const VIDEOS: ReadonlySet<string> = new Set([
  '.mp4',
  '.mkv',
  '.avi',
  '.mov',
  '.m4v',
  '.webm',
  '.ts',
  '.mpg',
  '.mpeg',
  '.mjpeg',
]);

/** A video that ends with errors this much before the length its container states is broken; seconds. */
const TOLERATED_GAP = 1;

/** Opens a video file. Everything that can be decoded is delivered; VIDEO_INVALID then names the file and the fault. */
export async function openVideoFile(config: FileConfig, log: Log): Promise<Camera> {
  return new VideoFile(config, await findFfmpeg(config.ffmpeg), log.child({ camera: config.id }));
}

class VideoFile implements Camera {
  readonly kind = 'file';
  readonly id: string;
  readonly name: string;
  readonly live: boolean;
  readonly stills = false;
  readonly #config: FileConfig;
  readonly #binary: FfmpegBinary;
  readonly #log: Log;
  readonly #closed = new AbortController();
  readonly #status = new CameraStatus();
  #sequence = 0;
  /** Media time at which the current round began, milliseconds. */
  #roundBegan = 0;
  #lastTime = 0;

  constructor(config: FileConfig, binary: FfmpegBinary, log: Log) {
    this.id = config.id;
    this.name = config.name ?? config.id;
    this.live = config.realtime;
    this.#config = config;
    this.#binary = binary;
    this.#log = log;
  }

  get state(): CameraState {
    return this.#status.state;
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Frame> {
    const stop = AbortSignal.any([signal, this.#closed.signal]);
    const begin = Date.now();
    await this.#checkFile();
    do {
      const before = this.state.framesIn;
      const end = yield* this.#playOnce(stop, begin);
      if (stop.aborted) break;
      this.#checkEnd(end, this.state.framesIn - before);
      this.#log.debug({ pictures: this.state.framesIn - before }, 'the video file ends');
      this.#roundBegan = this.#lastTime + 1000 / this.#config.fps;
    } while (this.#config.loop);
    this.#status.enter('ended', stop.aborted ? 'The camera was closed.' : 'The end of the file was reached.');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
  }

  async *#playOnce(stop: AbortSignal, begin: number): AsyncGenerator<Frame, RunEnd> {
    const { small_width: width, small_height: height, realtime } = this.#config;
    await using run = new FfmpegRun({
      path: this.#binary.path,
      args: buildArguments(this.#config, this.#binary),
      smallBytes: width * height * 3,
      dropLate: realtime,
    });
    const kill = () => run.kill();
    stop.addEventListener('abort', kill, { once: true });
    const first = this.#sequence;
    let origin: number | undefined;
    try {
      for await (const pair of run.pairs()) {
        if (stop.aborted) break;
        const seconds = Number.isNaN(pair.seconds) ? pair.index / this.#config.fps : pair.seconds;
        origin ??= seconds;
        const mediaTime = Math.max(this.#lastTime, this.#roundBegan + (seconds - origin) * 1000);
        this.#lastTime = mediaTime;
        this.#sequence = first + pair.index + 1;
        this.#status.countFrame(pair.full);
        this.#status.enter('running', `Playing ${this.#config.path}.`);
        const capturedAt = Math.round(begin + mediaTime);
        const facts = { cameraId: this.id, sequence: first + pair.index, capturedAt, mediaTime };
        yield composeFrame(pair, { ...facts, small: { width, height } });
      }
    } finally {
      stop.removeEventListener('abort', kill);
    }
    return await run.end();
  }

  async #checkFile(): Promise<void> {
    const found = await stat(this.#config.path).catch((error: Error) => error);
    if (found instanceof Error) throw this.#fail(`it cannot be opened (${found.message})`, 'Correct the path');
    if (!found.isFile()) throw this.#fail('it is not a file', 'Name a video file');
    if (found.size === 0) throw this.#fail('it is empty', 'Copy it again');
  }

  #checkEnd(end: RunEnd, pictures: number): void {
    const faults = end.faults.join('; ');
    if (pictures === 0)
      throw this.#fail(`no picture can be decoded (${faults || `ffmpeg ended with ${end.code}`})`, 'Copy it again');
    const played = (this.#lastTime - this.#roundBegan) / 1000 + 1 / this.#config.fps;
    const missing = (end.duration ?? 0) - played > TOLERATED_GAP && end.faults.length > 0;
    if (!missing && !/partial file|truncat/i.test(faults) && end.code === 0) return;
    const reason = `it ends or breaks after ${played.toFixed(1)} s of ${(end.duration ?? played).toFixed(1)} s, ${pictures} pictures were taken`;
    throw this.#fail(`${reason} (${faults || `ffmpeg ended with ${end.code}`})`, 'Copy it again');
  }

  #fail(reason: string, remedy: string): AlprError {
    const message = `The video ${this.#config.path} is not whole or not readable: ${reason}. ${remedy}.`;
    this.#status.enter('failed', message);
    return new AlprError('VIDEO_INVALID', message);
  }
}
