import { copyFile, type FileHandle, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { frameRecord, scanSegment, syncFolder, truncateFile } from './segment.ts';

/** One entry that waits for its acknowledgement. `id` counts up over the life of the folder. */
export type SpoolEntry = Readonly<{ id: number; payload: Uint8Array }>;

export type SpoolOptions = Readonly<{
  folder: string;
  /** A new segment file is begun at this size, bytes. */
  segmentBytes: number;
  log: Log;
}>;

type Waiting = Readonly<{ record: Buffer; payload: Uint8Array; done: () => void; fail: (error: unknown) => void }>;

const SEGMENT_NAME = /^(\d{12})\.seg$/;

/**
 * Store and forward: entries are appended to segment files and synced to the disk before `append` resolves, handed out
 * in order by `pending`, and forgotten once acknowledged. Appends that meet share one sync.
 */
export class Spool implements AsyncDisposable {
  readonly #options: SpoolOptions;
  /** The first entry's id of each segment file, which is also its name. */
  readonly #segments: number[] = [];
  readonly #pending: SpoolEntry[] = [];
  #file: FileHandle | undefined;
  #fileBytes = 0;
  #nextId = 1;
  #acknowledged = 0;
  #queue: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;

  private constructor(options: SpoolOptions) {
    this.#options = options;
  }

  /** Opens the folder, cuts a torn last record off, and takes up what was not acknowledged. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const spool = new Spool(options);
    await mkdir(options.folder, { recursive: true });
    await spool.#recover();
    return spool;
  }

  /** Entries not yet acknowledged, oldest first. */
  get pending(): readonly SpoolEntry[] {
    return this.#pending;
  }

  /** Resolves once the entry is on the disk; rejects with SPOOL_FAILED when it could not be written. */
  append(payload: Uint8Array): Promise<void> {
    if (this.#closed) return Promise.reject(new AlprError('SPOOL_FAILED', 'The spool is closed'));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#queue.push({ record: frameRecord(payload), payload, done: resolve, fail: reject });
    this.#writing ??= this.#writeQueue().finally(() => {
      this.#writing = undefined;
    });
    return promise;
  }

  /** Forgets all entries up to and including `id`; files that hold nothing else are removed. */
  async acknowledge(id: number): Promise<void> {
    this.#acknowledged = Math.max(this.#acknowledged, id);
    while (this.#pending[0] && this.#pending[0].id <= id) this.#pending.shift();
    await this.#savePosition();
    await this.#dropSegments();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#file?.close();
  }

  async #recover(): Promise<void> {
    this.#acknowledged = await this.#loadPosition();
    const names = (await readdir(this.#options.folder)).filter((name) => SEGMENT_NAME.test(name)).sort();
    for (const name of names) await this.#recoverSegment(name, name === names.at(-1));
    this.#nextId = Math.max(this.#nextId, this.#acknowledged + 1);
    await this.#beginSegment();
    await this.#dropSegments();
  }

  async #recoverSegment(name: string, last: boolean): Promise<void> {
    const file = join(this.#options.folder, name);
    const scan = await scanSegment(file);
    if (scan.soundBytes < scan.fileBytes) {
      const fields = { file, lost_bytes: scan.fileBytes - scan.soundBytes };
      if (last) this.#options.log.warn(fields, 'The spool ended in a torn record; cut off');
      else {
        this.#options.log.error(fields, 'A spool segment is damaged; kept beside it as .damaged');
        await copyFile(file, `${file}.damaged`);
      }
      await truncateFile(file, scan.soundBytes);
    }
    let id = Number(name.slice(0, 12));
    this.#segments.push(id);
    for (const { payload } of scan.records) {
      if (id > this.#acknowledged) this.#pending.push({ id, payload: Uint8Array.from(payload) });
      id++;
    }
    this.#nextId = id;
  }

  async #writeQueue(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      try {
        if (this.#fileBytes >= this.#options.segmentBytes) await this.#beginSegment();
        await this.#writeBatch(batch);
      } catch (cause) {
        await this.#undo();
        const error = new AlprError('SPOOL_FAILED', `The spool in ${this.#options.folder} could not be written`, {
          cause,
        });
        for (const waiting of batch) waiting.fail(error);
      }
    }
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    const bytes = Buffer.concat(batch.map((waiting) => waiting.record));
    await this.#current().write(bytes, 0, bytes.length, this.#fileBytes);
    await this.#current().datasync();
    this.#fileBytes += bytes.length;
    for (const waiting of batch) {
      this.#pending.push({ id: this.#nextId++, payload: waiting.payload });
      waiting.done();
    }
  }

  /** After a failed write (a full disk, say) nothing half-written may stand before the next record. */
  async #undo(): Promise<void> {
    try {
      await this.#current().truncate(this.#fileBytes);
    } catch (error) {
      this.#options.log.error(
        { err: error },
        'The spool could not be cut back after a failed write; a new segment begins',
      );
      this.#fileBytes = Number.POSITIVE_INFINITY;
    }
  }

  #current(): FileHandle {
    if (!this.#file) throw new AlprError('SPOOL_FAILED', 'The spool has no open segment');
    return this.#file;
  }

  async #beginSegment(): Promise<void> {
    const file = await open(this.#path(this.#nextId), 'w');
    await syncFolder(this.#options.folder);
    await this.#file?.close();
    this.#file = file;
    this.#fileBytes = 0;
    if (this.#segments.at(-1) !== this.#nextId) this.#segments.push(this.#nextId);
  }

  async #dropSegments(): Promise<void> {
    while (this.#segments.length > 1 && (this.#segments[1] as number) - 1 <= this.#acknowledged) {
      await rm(this.#path(this.#segments.shift() as number));
    }
  }

  #path(firstId: number): string {
    return join(this.#options.folder, `${String(firstId).padStart(12, '0')}.seg`);
  }

  async #savePosition(): Promise<void> {
    const path = join(this.#options.folder, 'position.json');
    await writeFile(`${path}.new`, JSON.stringify({ acknowledged: this.#acknowledged }));
    await rename(`${path}.new`, path);
  }

  /** Without a readable position everything in the folder is handed out again: consumers are idempotent. */
  async #loadPosition(): Promise<number> {
    try {
      const position = JSON.parse(await readFile(join(this.#options.folder, 'position.json'), 'utf8'));
      return Number.isSafeInteger(position.acknowledged) ? position.acknowledged : 0;
    } catch (error) {
      this.#options.log.debug({ err: error }, 'The spool has no position yet; it begins at the first record');
      return 0;
    }
  }
}
