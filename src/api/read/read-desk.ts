import type { FastifyReply, FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { FairTurns, type Place } from '../../base/fair-turns.ts';
import { createOutgoingCheck } from '../../base/outgoing-address.ts';
import { sendOutgoing } from '../../base/outgoing-request.ts';
import { whoAsks } from '../access/guard-routes.ts';
import { RequestRate } from '../access/request-rate.ts';
import { TooSoonError } from '../errors.ts';
import type { PictureRead, PictureReader } from '../picture-reader.ts';
import type { ReadConfig } from './config.ts';

/** A full queue has moved on by then. */
const COME_BACK_SECONDS = 1;

/** A picture as it came: its bytes, base64 of them, or where it is. */
export type Sent = Readonly<{ image?: unknown; url?: string | undefined }>;

/** What was read, and how long it took, milliseconds. */
export type DeskRead = Readonly<{ read: PictureRead; took_ms: number; waited_ms: number }>;

/** Takes pictures from callers, each in its turn, and gives them to the reader. Nothing is kept of them. */
export class ReadDesk {
  readonly #reader: PictureReader;
  readonly #config: ReadConfig;
  readonly #turns: FairTurns;
  readonly #check: ReturnType<typeof createOutgoingCheck>;
  readonly #rate: RequestRate;
  readonly #places = new WeakMap<FastifyRequest, Place>();
  #taken = 0;

  constructor(reader: PictureReader, config: ReadConfig) {
    this.#reader = reader;
    this.#config = config;
    this.#turns = new FairTurns({ atOnce: reader.atOnce, places: config.places });
    this.#check = createOutgoingCheck(config.allowed_addresses, 'server.read.allowed_addresses');
    this.#rate = new RequestRate(config.per_minute);
  }

  /** Longest body of a request: a picture in base64 and what is said beside it. */
  get bodyLimit(): number {
    return Math.ceil((this.#config.max_bytes * 4) / 3) + 65_536;
  }

  /** Pictures that were read since the start. */
  get taken(): number {
    return this.#taken;
  }

  /** Before a body is received: READS_FULL, or TOO_MANY_REQUESTS, unless the caller has a place, which ends with the answer. */
  readonly admit = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!this.#config.enabled) {
      throw new AlprError('NOT_FOUND', 'Pictures that are sent are not read here (server.read.enabled)');
    }
    const wait = this.#rate.count(nameCaller(request));
    if (wait > 0) {
      const most = this.#config.per_minute;
      throw new TooSoonError(`Expected at most ${most} pictures in a minute (server.read.per_minute); wait`, wait);
    }
    const place = this.#turns.enter(nameCaller(request));
    if (!place)
      throw new TooSoonError('Too many pictures wait to be read; wait a moment', COME_BACK_SECONDS, 'READS_FULL');
    this.#places.set(request, place);
    reply.raw.once('close', () => place[Symbol.dispose]());
  };

  /** Reads one picture when it is its caller's turn. IMAGE_INVALID, ADDRESS_REFUSED, ADDRESS_FAILED or INPUT_INVALID otherwise. */
  async read(request: FastifyRequest, sent: Sent): Promise<DeskRead> {
    const place = this.#places.get(request);
    if (!place) throw new Error('expected a request that was admitted');
    const picture = await this.#takePicture(sent);
    const came = performance.now();
    return place.take(async () => {
      const start = performance.now();
      const read = await this.#reader.read(picture);
      this.#taken += 1;
      const { plates } = read;
      request.auditNote.plates = plates.map(({ text_normalized }) => text_normalized);
      request.auditNote.results = plates.length;
      return { read, took_ms: round(performance.now() - start), waited_ms: round(start - came) };
    });
  }

  async #takePicture({ image, url }: Sent): Promise<Uint8Array> {
    const isMissing = image === undefined || image === '';
    if (isMissing === (url === undefined)) {
      const got = isMissing ? 'none' : 'a picture and an address';
      throw new AlprError('INPUT_INVALID', `Expected one picture, as a file, in base64 or by its address, got ${got}`);
    }
    const { max_bytes: maxBytes } = this.#config;
    const picture = url === undefined ? decode(image) : await this.#fetch(url);
    if (picture.length <= maxBytes) return picture;
    throw new AlprError(
      'IMAGE_INVALID',
      `Expected a picture of at most ${maxBytes} bytes (server.read.max_bytes), got ${picture.length}; make it smaller`,
    );
  }

  async #fetch(url: string): Promise<Uint8Array> {
    const { max_bytes: maxBytes, address_seconds: seconds } = this.#config;
    const answer = await sendOutgoing({ url, check: this.#check, timeoutMs: seconds * 1000, maxBytes });
    if (answer.status === 200) return answer.body;
    throw new AlprError('ADDRESS_FAILED', `Expected the address to answer with a picture, got status ${answer.status}`);
  }
}

function decode(image: unknown): Uint8Array {
  if (image instanceof Uint8Array) return image;
  if (typeof image !== 'string') throw new AlprError('INPUT_INVALID', 'Expected the picture as a file or in base64');
  const text = image.replace(/^data:[^,]{0,100};base64,/, '');
  if (!/^[\w+/=\s-]+$/.test(text))
    throw new AlprError('INPUT_INVALID', 'Expected the picture in base64, got other text');
  return Buffer.from(text, 'base64');
}

function nameCaller(request: FastifyRequest): string {
  const { kind, id } = whoAsks(request);
  return `${kind} ${id}`;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
