import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { backoffDelay, pause } from '../base/retry.ts';
import type { Frame } from '../vision/frame.ts';
import { createMask } from './address.ts';
import type { Camera, CameraState } from './camera.ts';
import { CameraStatus } from './camera-status.ts';
import { composeFrame } from './compose-frame.ts';
import type { HttpConfig, RtspConfig, UsbConfig } from './config.ts';
import type { Decoder, PicturePair, RunEnd, Unfit } from './decoder.ts';
import { explainFailure, type Failure } from './explain-failure.ts';
import { findDecoder } from './find-decoder.ts';
import { hideAddress } from './hidden-address.ts';
import { decodeRaster } from './raster.ts';
import { type Place, resolveHost } from './resolve-host.ts';
import { SnapshotClient } from './snapshots.ts';

/** Decoding errors of a stream are counted over this time, milliseconds; from so many on the camera's state says it. */
const DAMAGE_WINDOW_MS = 10_000;
const MANY_ERRORS = 50;

const UNFIT: readonly Unfit[] = ['interlaced', 'untimed'];

/** How many times its period a picture may take at least. */
const SLACK = 1.5;

type LiveConfig = RtspConfig | HttpConfig | UsbConfig;

/**
 * Opens a camera that sends a stream. FFMPEG_MISSING or GSTREAMER_MISSING when nothing can decode it; all other failures are
 * retried.
 */
export async function openStream(config: LiveConfig, log: Log): Promise<Camera> {
  const decoder = await findDecoder(config);
  return new Stream(config, decoder, log.child({ camera_id: config.id }));
}

class Stream implements Camera {
  readonly id: string;
  readonly name: string;
  readonly kind: LiveConfig['kind'];
  readonly live = true;
  readonly stills = false;
  readonly #config: LiveConfig;
  readonly #decoder: Decoder;
  readonly #log: Log;
  readonly #mask: (text: string) => string;
  readonly #closed = new AbortController();
  readonly #status = new CameraStatus();
  #sequence = 0;
  #begin = 0;
  /** What this stream was found to be. */
  readonly #found = new Set<Unfit>();
  /** Asks for single pictures, once it is known that the camera gives such. */
  #snapshots: SnapshotClient | undefined;

  constructor(config: LiveConfig, decoder: Decoder, log: Log) {
    this.id = config.id;
    this.name = config.name ?? config.id;
    this.kind = config.kind;
    this.#config = config;
    this.#decoder = decoder;
    this.#log = log;
    this.#mask = config.kind === 'usb' ? (text) => text : createMask(config);
  }

  get state(): CameraState {
    return this.#status.state;
  }

  get decoder(): string {
    return this.#decoder.name;
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Frame> {
    const stop = AbortSignal.any([signal, this.#closed.signal]);
    this.#begin = performance.now();
    let attempt = 0;
    let pauseMs = 0;
    while (!stop.aborted) {
      const started = performance.now();
      const before = this.state.framesIn;
      const end = yield* this.#snapshots ? this.#poll(this.#snapshots, stop) : this.#runOnce(stop);
      if (stop.aborted) break;
      if (await this.#adapt(end, stop)) continue;
      this.#status.countRestart();
      const lived = this.state.framesIn > before && performance.now() - started >= pauseMs;
      if (end.cause === 'resize' && this.state.framesIn > before) {
        this.#log.info({}, 'the size of the pictures changes; the stream is reopened');
        continue;
      }
      attempt = lived ? 0 : attempt + 1;
      pauseMs = await this.#wait(explainFailure(end, this.#patience(), this.#mask), Math.max(0, attempt - 1), stop);
    }
    this.#status.enter('ended', 'The camera was closed.');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
  }

  /** Whether this end only showed how the camera must be opened, which is remembered for the next time. */
  async #adapt({ cause, code, pictures }: RunEnd, stop: AbortSignal): Promise<boolean> {
    if (cause === 'interlaced' || cause === 'untimed') {
      this.#found.add(cause);
      if (cause === 'interlaced')
        this.#log.info({}, 'the pictures are interlaced; the stream is reopened with a deinterlacer');
      else this.#log.info({}, 'the pictures have no time; the stream is reopened with that of their arrival');
      return true;
    }
    if (this.#config.kind !== 'http' || this.#snapshots || cause !== 'exit' || code !== 0 || pictures !== 1)
      return false;
    const client = new SnapshotClient(this.#config);
    const picture = await client.take(this.#until(stop)).catch(() => undefined);
    if (picture === undefined) return false;
    this.#snapshots = client;
    this.#log.info({}, 'the camera gives single pictures; they are asked for at its rate');
    return true;
  }

  /** Asks for one picture after another until one does not come. */
  async *#poll(client: SnapshotClient, stop: AbortSignal): AsyncGenerator<Frame, RunEnd> {
    const began = performance.now();
    const period = 1000 / this.#config.fps;
    let next = began;
    for (let pictures = 0; ; pictures++) {
      await pause(next - performance.now(), stop);
      next = Math.max(next + period, performance.now());
      try {
        const bytes = await client.take(this.#until(stop));
        if (bytes === undefined) throw new Error('Invalid data found: it is no picture');
        const image = await decodeRaster(bytes, 'The picture', { rotate: this.#config.rotate });
        this.#status.countFrame(image);
        this.#status.enter('running', `Pictures of ${image.width}×${image.height} are asked for one by one.`);
        const now = { capturedAt: Date.now(), mediaTime: performance.now() - this.#begin };
        yield { cameraId: this.id, sequence: this.#sequence++, ...now, image };
      } catch (error) {
        return { ...describeFailure(error), pictures };
      }
    }
  }

  #until(stop: AbortSignal): AbortSignal {
    return AbortSignal.any([stop, AbortSignal.timeout(this.#patience())]);
  }

  /** How long a picture may take, milliseconds: cameras of few pictures need more than the stall timeout. */
  #patience(): number {
    return Math.max(this.#config.stall_timeout_ms, (SLACK * 1000) / this.#config.fps);
  }

  /** Where the decoder finds the camera; a camera at this machine has no address. */
  async #locate(): Promise<Place | undefined> {
    if (this.#config.kind === 'usb') return undefined;
    return this.#decoder.looksUpNames ? this.#config : resolveHost(this.#config);
  }

  async *#runOnce(stop: AbortSignal): AsyncGenerator<Frame, RunEnd> {
    if (this.state.state !== 'running') this.#status.enter('connecting', 'Opening the stream.');
    let place: Place | undefined;
    try {
      place = await this.#locate();
    } catch (error) {
      return describeFailure(error);
    }
    await using hidden = place && (await hideAddress(place));
    const { url, host } = { ...place, ...hidden };
    await using run = this.#decoder.run({
      ...(url === undefined ? {} : { url }),
      ...(host === undefined ? {} : { host }),
      found: this.#found,
      dropLate: true,
      refused: UNFIT.filter((one) => !this.#found.has(one)),
      stallMs: this.#patience(),
    });
    const kill = () => run.kill();
    stop.addEventListener('abort', kill, { once: true });
    if (stop.aborted) kill();
    const first = this.#sequence;
    let damage = { since: performance.now(), before: 0, inWindow: 0 };
    try {
      for await (const pair of run.pairs()) {
        if (stop.aborted) break;
        this.#sequence = first + pair.index + 1;
        if (performance.now() - damage.since >= DAMAGE_WINDOW_MS) {
          const inWindow = run.damage - damage.before;
          if (inWindow >= MANY_ERRORS) this.#log.warn({ errors: inWindow }, 'the stream has many decoding errors');
          damage = { since: performance.now(), before: run.damage, inWindow };
        }
        yield this.#hand(pair, first + pair.index, damage.inWindow);
      }
    } finally {
      stop.removeEventListener('abort', kill);
    }
    return await run.end();
  }

  #hand(pair: PicturePair, sequence: number, damage: number): Frame {
    const { small_width: width, small_height: height } = this.#config;
    this.#status.countFrame(pair.full);
    const errors = damage >= MANY_ERRORS ? `, with ${damage} decoding errors in ${DAMAGE_WINDOW_MS / 1000} s` : '';
    this.#status.enter('running', `Pictures of ${pair.full.width}×${pair.full.height} come in${errors}.`);
    return composeFrame(pair, {
      cameraId: this.id,
      sequence,
      small: { width, height },
      capturedAt: Math.round(Date.now() - (performance.now() - pair.arrivedAt)),
      mediaTime: pair.arrivedAt - this.#begin,
    });
  }

  /** Waits and tells how long. A camera that refuses the password is retried rarely, because many lock the account after a few attempts. */
  async #wait(failure: Failure, attempt: number, stop: AbortSignal): Promise<number> {
    const { first_ms: firstMs, max_ms: maxMs, factor } = this.#config.restart;
    const delay = failure.refused ? maxMs : backoffDelay({ firstMs, maxMs, factor }, attempt);
    const message = `${capitalise(failure.sentence)}. Trying again in ${(delay / 1000).toFixed(1)} s.`;
    this.#status.enter('retrying', message);
    const fields = { reason: failure.sentence, restarts: this.state.restarts, delay_ms: Math.round(delay) };
    this.#log.warn(fields, 'the stream is interrupted; trying again');
    await pause(delay, stop);
    return delay;
  }
}

/** The end of an attempt that failed in this process. */
function describeFailure(error: unknown): RunEnd {
  return { cause: 'exit', code: 1, pictures: 0, faults: [messageOf(error)], damage: 0, duration: undefined };
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
