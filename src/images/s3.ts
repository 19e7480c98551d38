import { createHash } from 'node:crypto';
import { S3mini, S3ServiceError } from 's3mini';
import { AlprError } from '../base/errors.ts';
import { isImageKey } from '../contract/image-key.ts';
import { pingBucket, prepareBucket } from './bucket.ts';
import type { S3Config } from './config.ts';
import type { ImageEntry, Images, StoredImage } from './images.ts';
import { checkImageKey } from './key.ts';

const PAGE = 1000;
/** `/health` waits two seconds for its parts. */
const PING_MS = 1500;
const SHA256_META = 'x-amz-meta-sha256';
const CHECKSUM = 'x-amz-checksum-sha256';

/** A bucket, and the age at which it removes pictures; never where there is none. */
type S3Settings = S3Config & Readonly<{ retentionDays?: number | null }>;

/**
 * Pictures as objects of a bucket, which is created at the first write. Each carries its sha256. The store checks it on
 * arrival if it can, otherwise the picture is read back; every read checks it again. `onNoRule` hears of a bucket whose
 * rules we may not set.
 */
export function openS3Images(config: S3Settings, onNoRule: (error: unknown) => void = () => {}): Images {
  return new S3Images(config, onNoRule);
}

class S3Images implements Images {
  readonly linkOrigin: string | undefined;
  readonly #config: S3Settings;
  readonly #client: S3mini;
  readonly #onNoRule: (error: unknown) => void;
  #prepared: Promise<void> | undefined;

  constructor(config: S3Settings, onNoRule: (error: unknown) => void) {
    this.#config = config;
    this.#onNoRule = onNoRule;
    this.linkOrigin = config.delivery === 'redirect' ? new URL(bucketUrl(config)).origin : undefined;
    this.#client = new S3mini({
      accessKeyId: config.access_key_id,
      secretAccessKey: config.secret_access_key,
      endpoint: bucketUrl(config),
      region: config.region,
      requestAbortTimeout: config.timeout_ms,
    });
  }

  async put(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
    checkImageKey(key);
    await this.#prepareOnce();
    await attempt(`store ${key}`, () => this.#putVerified(key, Buffer.from(bytes), contentType));
  }

  async get(key: string): Promise<StoredImage | undefined> {
    checkImageKey(key);
    return attempt(`read ${key}`, async () => {
      const response = await ifThere(() => this.#client.getObjectRaw(key));
      if (!response) return undefined;
      const bytes = new Uint8Array(await response.arrayBuffer());
      const expected = response.headers.get(SHA256_META);
      if (expected !== null && expected !== sha256(bytes)) throw damaged(key, expected);
      return { bytes, contentType: response.headers.get('content-type') ?? 'application/octet-stream' };
    });
  }

  async remove(key: string): Promise<void> {
    checkImageKey(key);
    await attempt(`remove ${key}`, () => ifThere(() => this.#client.deleteObject(key)));
  }

  async *list(folder?: string): AsyncGenerator<ImageEntry> {
    const prefix = folder === undefined ? '' : `${folder}/`;
    let token: string | undefined;
    do {
      const page = await attempt('list the bucket', () => this.#client.listObjectsPaged('/', prefix, PAGE, token));
      for (const { Key, Size, LastModified } of page?.objects ?? []) {
        if (isImageKey(Key)) yield { key: Key, bytes: Number(Size), storedAt: new Date(LastModified) };
      }
      token = page?.nextContinuationToken;
    } while (token !== undefined);
  }

  async ping(): Promise<void> {
    const timeoutMs = Math.min(PING_MS, this.#config.timeout_ms);
    await attempt('answer', () => pingBucket({ timeoutMs, sign: (...request) => this.#sign(...request) }));
  }

  /** Undefined also when there is no such picture, so that the API always answers that case. */
  async link(key: string): Promise<string | undefined> {
    checkImageKey(key);
    if (this.#config.delivery === 'proxy') return undefined;
    return attempt(`look for ${key}`, async () => {
      if ((await this.#client.objectExists(key)) !== true) return undefined;
      return this.#client.getPresignedUrl('GET', key, this.#config.link_seconds);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #putVerified(key: string, bytes: Buffer<ArrayBuffer>, contentType: string): Promise<void> {
    const digest = createHash('sha256').update(bytes).digest();
    const checksum = digest.toString('base64');
    const headers = { [CHECKSUM]: checksum, [SHA256_META]: digest.toString('hex') } as const;
    const response = await this.#client.putObject(key, bytes, contentType, undefined, headers);
    await response.arrayBuffer();
    const told = response.headers.get(CHECKSUM);
    if (told === checksum || (told === null && isMd5(response.headers.get('etag'), bytes))) return;
    // get() compares the bytes with the sha256 stored with them.
    if (!(await this.get(key))) throw new AlprError('IMAGES_UNAVAILABLE', `The object store took ${key} and lost it`);
  }

  /** A link to the bucket itself, which is "/". */
  #sign(
    method: 'GET' | 'PUT',
    query: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
  ): Promise<string> {
    return this.#client.getPresignedUrl(method, '/', 60, { ...query }, { ...headers });
  }

  async #prepareOnce(): Promise<void> {
    const { region, retentionDays = null, timeout_ms: timeoutMs } = this.#config;
    this.#prepared ??= attempt('prepare the bucket', () =>
      prepareBucket({
        region,
        retentionDays,
        timeoutMs,
        onNoRule: this.#onNoRule,
        sign: (...request) => this.#sign(...request),
      }),
    );
    try {
      await this.#prepared;
    } catch (error) {
      this.#prepared = undefined;
      throw error;
    }
  }
}

function bucketUrl({ endpoint, bucket, path_style }: S3Config): string {
  const url = new URL(endpoint);
  if (path_style) url.pathname = `/${bucket}`;
  else url.hostname = `${bucket}.${url.hostname}`;
  return url.href;
}

/** Unless a key service encrypts it, an object's ETag is the MD5 of its bytes. */
function isMd5(etag: string | null, bytes: Uint8Array): boolean {
  return etag?.replaceAll('"', '') === createHash('md5').update(bytes).digest('hex');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof S3ServiceError && error.status === 404) return undefined;
    throw error;
  }
}

async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AlprError) throw cause;
    const why = cause instanceof Error ? describe(cause) : String(cause);
    throw new AlprError('IMAGES_UNAVAILABLE', `Expected the object store to ${what}: ${why}`, { cause });
  }
}

/** `fetch failed` says nothing; its cause does. */
function describe(error: Error): string {
  const { cause } = error;
  return cause instanceof Error ? `${error.message} (${cause.message || cause.name})` : error.message;
}

function damaged(key: string, expected: string): AlprError {
  return new AlprError('IMAGE_DAMAGED', `Expected ${key} to have the sha256 ${expected}; see alpr images verify`);
}
