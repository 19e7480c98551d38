import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AlprError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { pause } from '../base/retry.ts';
import type { Frame } from '../vision/frame.ts';
import type { Camera, CameraState } from './camera.ts';
import { CameraStatus } from './camera-status.ts';
import { parseStart, readNameTime } from './capture-time.ts';
import type { PicturesConfig, Rotation } from './config.ts';
import type { PictureMemory } from './picture-memory.ts';
import { decodeRaster, type Raster } from './raster.ts';

/** Endings of files that are taken for pictures: those that can be decoded. */
export const PICTURES: ReadonlySet<string> = new Set([
  '.jpg',
  '.jpeg',
  '.png',
  '.webp',
  '.avif',
  '.tif',
  '.tiff',
  '.gif',
]);

/**
 * Decodes an encoded picture, or the file at a path, to packed RGB, turned by its EXIF orientation or by `rotate`, into `memory`
 * where that is possible. IMAGE_INVALID names the file and the fault.
 */
export async function decodePicture(
  source: string | Uint8Array,
  rotate?: Rotation,
  memory?: PictureMemory,
): Promise<Raster> {
  const how = { ...(rotate === undefined ? {} : { rotate }), ...(memory && { memory }) };
  if (typeof source !== 'string') return decodeRaster(source, 'The picture', how);
  const bytes = await readFile(source).catch((cause: Error) => {
    const message = `${source} cannot be read: ${cause.message}. Expected the path of a picture.`;
    throw new AlprError('IMAGE_INVALID', message, { cause });
  });
  return decodeRaster(bytes, source, how);
}

/** The pictures at a path: the file itself, or those in a folder sorted by name. NOT_FOUND when there are none. */
async function listPictures(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch((cause: Error) => {
    throw new AlprError('NOT_FOUND', `Expected a picture or a folder at ${path}: ${cause.message}.`, { cause });
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => PICTURES.has(extname(name).toLowerCase()));
  if (names.length === 0) {
    const kinds = [...PICTURES].join(' ');
    throw new AlprError('NOT_FOUND', `Expected pictures (${kinds}) in ${path}, but found none. Name another folder.`);
  }
  const order = new Intl.Collator('en', { numeric: true });
  return names.sort(order.compare).map((name) => join(path, name));
}

/**
 * Pictures as a camera: one Frame each, `fps` of them per second of media time. A broken picture is logged and skipped.
 */
export function openPictures(config: PicturesConfig, log: Log): Camera {
  return new Pictures(config, log.child({ camera_id: config.id }));
}

class Pictures implements Camera {
  readonly kind = 'pictures';
  readonly id: string;
  readonly name: string;
  readonly live: boolean;
  readonly stills: boolean;
  readonly #config: PicturesConfig;
  readonly #log: Log;
  readonly #closed = new AbortController();
  readonly #status = new CameraStatus();

  constructor(config: PicturesConfig, log: Log) {
    this.id = config.id;
    this.name = config.name ?? config.id;
    this.live = config.realtime;
    this.stills = !config.sequence;
    this.#config = config;
    this.#log = log;
  }

  get state(): CameraState {
    return this.#status.state;
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Frame> {
    const stop = AbortSignal.any([signal, this.#closed.signal]);
    const files = await this.#listAll();
    const { start = '', sequence } = this.#config;
    const started = parseStart(start)?.at;
    const begin = { at: started ?? Date.now(), clock: performance.now() };
    const isDated = start === '' && !this.#config.realtime && !this.#config.loop;
    let newest = 0;
    const period = 1000 / this.#config.fps;
    this.#status.enter('running', `Reading ${files.length} pictures.`);
    let broken = 0;
    for (let place = 0; this.#config.loop || place < files.length; place++) {
      if (this.#config.realtime) await pause(begin.clock + place * period - performance.now(), stop);
      else await nextTurn();
      if (stop.aborted) return this.#status.enter('ended', 'The camera was closed.');
      const file = files[place % files.length];
      if (file === undefined) break;
      const image = await this.#decode(file);
      if (image) {
        this.#status.countFrame(image);
        const mediaTime = place * period;
        const taken = isDated ? (image.taken ?? readNameTime(file))?.at : undefined;
        // Views of one road come in order of time, whatever their files say; scenes of their own are dated each by itself.
        newest = Math.max(sequence ? newest : 0, taken ?? Math.round(begin.at + mediaTime));
        yield { cameraId: this.id, sequence: place, mediaTime, capturedAt: newest, image };
      } else if (++broken >= files.length && this.state.framesIn === 0) throw this.#fail(allBroken(files));
    }
    this.#status.enter('ended', `All ${files.length} pictures were read, ${broken} of them could not be decoded.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
  }

  async #listAll(): Promise<readonly string[]> {
    try {
      const paths = [this.#config.path].flat();
      return (await Promise.all(paths.map(listPictures))).flat();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  async #decode(file: string): Promise<Raster | undefined> {
    try {
      const image = await decodePicture(file, this.#config.rotate);
      if (image.missing !== undefined) this.#log.warn({ file, missing: image.missing }, 'a picture lacks its end');
      return image;
    } catch (error) {
      if (!(error instanceof AlprError)) throw error;
      this.#log.warn({ file, code: error.code, reason: error.message }, 'a picture is skipped');
      return undefined;
    }
  }

  #fail<Fault>(error: Fault): Fault {
    this.#status.enter('failed', messageOf(error));
    return error;
  }
}

function allBroken(files: readonly string[]): AlprError {
  return new AlprError(
    'IMAGE_INVALID',
    `None of the ${files.length} pictures can be decoded, the first is ${files[0]}.`,
  );
}
