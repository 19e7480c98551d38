import { stat } from 'node:fs/promises';
import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Frame } from '../vision/frame.ts';
import type { Camera, CameraState } from './camera.ts';
import { CameraStatus } from './camera-status.ts';
import { type CaptureTime, parseStart, readContainerTime, readNameTime } from './capture-time.ts';
import { composeFrame } from './compose-frame.ts';
import type { FileConfig } from './config.ts';
import type { Decoder, RunEnd } from './decoder.ts';
import { findDecoder } from './find-decoder.ts';

/** Endings of files that are taken for videos: containers, then streams without one. */
export const VIDEOS: ReadonlySet<string> = new Set(
  [
    ...['mp4', 'm4v', 'mov', '3gp', '3g2', 'f4v', 'mkv', 'webm', 'avi', 'divx', 'flv', 'wmv', 'asf', 'ogv'],
    ...['ts', 'mts', 'm2ts', 'mpg', 'mpeg', 'vob', 'mxf', 'dav'],
    ...['mjpeg', 'mjpg', 'h264', '264', 'h265', '265', 'hevc'],
  ].map((ending) => `.${ending}`),
);

/** A video that ends with errors this much before the length its container states is broken; seconds. */
const TOLERATED_GAP = 1;

/** Errors after the first picture that a video may have, and the share of its pictures that they may be beyond that. */
const TOLERATED_ERRORS = 20;
const TOLERATED_SHARE = 0.01;

/** A file that gives no picture for this time longer than one takes is given up, milliseconds. */
const DEADLINE_MS = 60_000;

/** Opens a video file. Everything that can be decoded is delivered; VIDEO_INVALID then names the file and the fault. */
export async function openVideoFile(
  config: FileConfig,
  log: Log,
  onDated?: (began: CaptureTime) => void,
): Promise<Camera> {
  return new VideoFile(config, await findDecoder(config), log.child({ camera_id: config.id }), onDated);
}

class VideoFile implements Camera {
  readonly kind = 'file';
  readonly id: string;
  readonly name: string;
  readonly live: boolean;
  readonly stills = false;
  readonly #config: FileConfig;
  readonly #decoder: Decoder;
  readonly #log: Log;
  readonly #onDated: ((began: CaptureTime) => void) | undefined;
  readonly #closed = new AbortController();
  readonly #status = new CameraStatus();
  #sequence = 0;
  /** Media time at which the current round began, milliseconds. */
  #roundBegan = 0;
  #lastTime = 0;
  /** When the first picture was taken, milliseconds since the epoch. */
  #began: number | undefined;

  constructor(config: FileConfig, decoder: Decoder, log: Log, onDated?: (began: CaptureTime) => void) {
    this.id = config.id;
    this.name = config.name ?? config.id;
    this.live = config.realtime;
    this.#config = config;
    this.#decoder = decoder;
    this.#log = log;
    this.#onDated = onDated;
  }

  get state(): CameraState {
    return this.#status.state;
  }

  get decoder(): string {
    return this.#decoder.name;
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Frame> {
    const stop = AbortSignal.any([signal, this.#closed.signal]);
    await this.#checkFile();
    do {
      const before = this.state.framesIn;
      const end = yield* this.#playOnce(stop);
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

  async *#playOnce(stop: AbortSignal): AsyncGenerator<Frame, RunEnd> {
    const { small_width: width, small_height: height, realtime } = this.#config;
    await using run = this.#decoder.run({ dropLate: realtime, stallMs: DEADLINE_MS + 1000 / this.#config.fps });
    const kill = () => run.kill();
    stop.addEventListener('abort', kill, { once: true });
    if (stop.aborted) kill();
    const first = this.#sequence;
    let origin: number | undefined;
    try {
      for await (const pair of run.pairs()) {
        if (stop.aborted) break;
        const seconds = Number.isNaN(pair.seconds) ? pair.index / this.#config.fps : pair.seconds;
        origin ??= seconds;
        this.#began ??= this.#date(run.created);
        const mediaTime = Math.max(this.#lastTime, this.#roundBegan + (seconds - origin) * 1000);
        this.#lastTime = mediaTime;
        this.#sequence = first + pair.index + 1;
        this.#status.countFrame(pair.full);
        this.#status.enter('running', `Playing ${this.#config.path}.`);
        const capturedAt = Math.round(this.#began + mediaTime);
        const facts = { cameraId: this.id, sequence: first + pair.index, capturedAt, mediaTime };
        yield composeFrame(pair, { ...facts, small: { width, height } });
      }
    } finally {
      stop.removeEventListener('abort', kill);
    }
    return await run.end();
  }

  /** By `start`, the container or the name of the file; a video that plays as a camera does happens now. */
  #date(created: string | undefined): number {
    const { path, start, realtime, loop } = this.#config;
    if (start === 'now' || (start === undefined && (realtime || loop))) return Date.now();
    const stated = start === undefined ? created && readContainerTime(created) : parseStart(start);
    const began = stated || readNameTime(path);
    if (!began) return Date.now();
    const { at, zone, source } = began;
    this.#log.info({ began: new Date(at).toISOString(), zone, source }, 'the video is dated');
    this.#onDated?.(began);
    return at;
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
      throw this.#fail(`no picture can be decoded (${faults || `decoding ended with ${end.code}`})`, 'Copy it again');
    const played = (this.#lastTime - this.#roundBegan) / 1000 + 1 / this.#config.fps;
    const missing = (end.duration ?? 0) - played > TOLERATED_GAP && end.faults.length > 0;
    if (!missing && !/partial file|truncat/i.test(faults) && end.code === 0) {
      this.#checkDamage(end, pictures);
      return;
    }
    if (end.cause === 'stall')
      throw this.#fail(`it gives no more pictures after ${played.toFixed(1)} s`, 'Copy it again');
    const reason = `it ends or breaks after ${played.toFixed(1)} s of ${(end.duration ?? played).toFixed(1)} s, ${pictures} pictures were taken`;
    throw this.#fail(`${reason} (${faults || `decoding ended with ${end.code}`})`, 'Copy it again');
  }

  /** Packets that are lost leave pictures with smears, in which plates are misread. */
  #checkDamage({ damage, faults }: RunEnd, pictures: number): void {
    if (damage <= TOLERATED_ERRORS + TOLERATED_SHARE * pictures) return;
    const reason = `it has ${damage} decoding errors, ${pictures} pictures were taken (the last: ${faults.at(-1)})`;
    throw this.#fail(reason, 'Record or copy it again');
  }

  #fail(reason: string, remedy: string): AlprError {
    const message = `The video ${this.#config.path} is not whole or not readable: ${reason}. ${remedy}.`;
    this.#status.enter('failed', message);
    return new AlprError('VIDEO_INVALID', message);
  }
}
