import type { Log } from '../base/log.ts';
import { type Backoff, backoffDelay, pause } from '../base/retry.ts';
import { contentTypeOf } from './files.ts';
import type { ImageEntry, Images, StoredImage } from './images.ts';
import type { ImagesMetrics } from './metrics.ts';

const BACKOFF: Backoff = { firstMs: 500, maxMs: 60_000, factor: 2 };
/** Concurrent uploads: enough to fill an uplink, few enough for a slow one. */
const BATCH = 8;

type WaitingOptions = Readonly<{
  /** Keeps pictures on this machine until `store` has them. */
  local: Images;
  store: Images;
  /** Bytes that may wait; above this the oldest pictures are given up. */
  limitBytes: number;
  metrics: ImagesMetrics;
  log: Log;
  backoff?: Backoff;
}>;

type WaitingPicture = Readonly<{ bytes: number; since: number }>;

/**
 * Pictures on their way to a store that may be away. A picture is safe on this machine once `put` has resolved. It is
 * uploaded in the background and retried with growing pauses until the store has it; what still waits when the process
 * ends continues at the next start.
 */
export async function openWaitingImages(options: WaitingOptions): Promise<Images> {
  const entries = await Array.fromAsync(options.local.list());
  entries.sort((a, b) => a.storedAt.getTime() - b.storedAt.getTime());
  const waiting = new Map(entries.map(({ key, bytes, storedAt }) => [key, { bytes, since: storedAt.getTime() }]));
  if (waiting.size > 0)
    options.log.info({ pictures: waiting.size }, 'pictures of an earlier run wait for their upload');
  return new WaitingImages(options, waiting);
}

class WaitingImages implements Images {
  readonly linkOrigin: string | undefined;
  readonly #options: WaitingOptions;
  readonly #waiting: Map<string, WaitingPicture>;
  /** Uploads in progress; they never reject. */
  readonly #uploading = new Map<string, Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #draining: Promise<void>;
  #bytes: number;
  #wake = Promise.withResolvers<void>();

  constructor(options: WaitingOptions, waiting: Map<string, WaitingPicture>) {
    this.linkOrigin = options.store.linkOrigin;
    this.#options = options;
    this.#waiting = waiting;
    this.#bytes = [...waiting.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    options.metrics.picturesWaiting.set(waiting.size);
    this.#draining = this.#drain();
  }

  async put(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
    await this.#uploading.get(key);
    // Removed from the list so that no upload of the earlier picture deletes this one.
    this.#forget(key);
    await this.#options.local.put(key, bytes, contentType);
    this.#waiting.set(key, { bytes: bytes.byteLength, since: Date.now() });
    this.#bytes += bytes.byteLength;
    this.#options.metrics.picturesWaiting.set(this.#waiting.size);
    await this.#keepWithinLimit(key);
    this.#wake.resolve();
  }

  async get(key: string): Promise<StoredImage | undefined> {
    return (await this.#options.local.get(key)) ?? this.#options.store.get(key);
  }

  async remove(key: string): Promise<void> {
    this.#forget(key);
    await this.#uploading.get(key);
    await this.#options.local.remove(key);
    await this.#options.store.remove(key);
  }

  /** Gives up a whole batch, because one picture is less than what filled the disk. */
  async giveUpOldest(): Promise<number> {
    let given = 0;
    for (; given < BATCH && this.#waiting.size > 0; given++) await this.#giveUp(findOldest(this.#waiting));
    return given;
  }

  async *list(folder?: string): AsyncGenerator<ImageEntry> {
    const seen = new Set<string>();
    for await (const entry of this.#options.local.list(folder)) {
      seen.add(entry.key);
      yield entry;
    }
    for await (const entry of this.#options.store.list(folder)) if (!seen.has(entry.key)) yield entry;
  }

  ping(): Promise<void> {
    return this.#options.store.ping();
  }

  async link(key: string): Promise<string | undefined> {
    return this.#waiting.has(key) ? undefined : this.#options.store.link(key);
  }

  /** Ends after the uploads in progress; what waits stays on this machine. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#wake.resolve();
    await this.#draining;
    await this.#options.local[Symbol.asyncDispose]();
    await this.#options.store[Symbol.asyncDispose]();
  }

  async #drain(): Promise<void> {
    const { signal } = this.#closing;
    for (let attempt = 0; !signal.aborted; ) {
      const keys = [...this.#waiting.keys().take(BATCH)];
      if (keys.length === 0) {
        this.#wake = Promise.withResolvers<void>();
        await this.#wake.promise;
        continue;
      }
      const outcomes = await Promise.allSettled(keys.map((key) => this.#uploadNoted(key)));
      const failures = outcomes.filter((one) => one.status === 'rejected');
      attempt = failures.length === keys.length ? attempt + 1 : 0;
      if (failures[0]) await this.#waitOut(failures[0].reason, attempt);
    }
  }

  async #waitOut(error: unknown, attempt: number): Promise<void> {
    const { log, backoff } = this.#options;
    const delayMs = Math.round(backoffDelay(backoff ?? BACKOFF, Math.max(0, attempt - 1)));
    log.warn(
      { err: error, pictures: this.#waiting.size, delay_ms: delayMs },
      'pictures wait: the store does not take them',
    );
    await pause(delayMs, this.#closing.signal);
  }

  #uploadNoted(key: string): Promise<void> {
    const upload = this.#upload(key);
    const noted = upload.catch(() => {}).finally(() => this.#uploading.delete(key));
    this.#uploading.set(key, noted);
    return upload;
  }

  async #upload(key: string): Promise<void> {
    const { local, store, metrics } = this.#options;
    const uploaded = this.#waiting.get(key);
    try {
      const image = await local.get(key);
      // It was removed or given up in the meantime: nothing to upload.
      if (image) {
        await store.put(key, image.bytes, contentTypeOf(key));
        metrics.pictureUploads.inc({ outcome: 'stored' });
      }
    } catch (error) {
      metrics.pictureUploads.inc({ outcome: 'failed' });
      this.#moveToEnd(key);
      throw error;
    }
    // It was removed or given up in the meantime.
    if (this.#waiting.get(key) !== uploaded) return;
    this.#forget(key);
    await local.remove(key);
  }

  /** A picture that the store refuses must not hold up the others. */
  #moveToEnd(key: string): void {
    const entry = this.#waiting.get(key);
    if (!entry) return;
    this.#waiting.delete(key);
    this.#waiting.set(key, entry);
  }

  async #keepWithinLimit(newest: string): Promise<void> {
    while (this.#bytes > this.#options.limitBytes && this.#waiting.size > 1) {
      await this.#giveUp(findOldest(this.#waiting, newest));
    }
  }

  async #giveUp(key: string): Promise<void> {
    const { limitBytes, local, metrics, log } = this.#options;
    this.#forget(key);
    await local.remove(key);
    metrics.pictureUploads.inc({ outcome: 'given_up' });
    log.error({ key, limit_bytes: limitBytes }, 'a picture is given up: no more may wait for the store');
  }

  #forget(key: string): void {
    const entry = this.#waiting.get(key);
    if (!entry) return;
    this.#waiting.delete(key);
    this.#bytes -= entry.bytes;
    this.#options.metrics.picturesWaiting.set(this.#waiting.size);
  }
}

function findOldest(waiting: ReadonlyMap<string, WaitingPicture>, except = ''): string {
  let oldest: readonly [string, number] = [except, Number.POSITIVE_INFINITY];
  for (const [key, { since }] of waiting) if (key !== except && since < oldest[1]) oldest = [key, since];
  return oldest[0];
}
