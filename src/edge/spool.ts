import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../base/durable-file.ts';
import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { RefusedEvents } from './refused-events.ts';
import { frameRecord, MAX_PAYLOAD_BYTES } from './segment.ts';
import { SpoolPosition } from './spool-position.ts';
import { type SpoolEntry, SpoolReader } from './spool-reader.ts';
import { recoverSegments, type Segment, segmentPath } from './spool-recovery.ts';

export type SpoolOptions = Readonly<{
  folder: string;
  /** Size in bytes at which a new segment file begins. */
  segmentBytes: number;
  log: Log;
  /** Called when the disk is full: frees something less valuable than events, or resolves to false. */
  freeSpace?: () => Promise<boolean>;
  /** Called with the number of lost events: the oldest, because only events fill the disk, or unreadable ones. */
  onGivenUp?: (events: number, reason: 'disk_full' | 'damaged') => void;
}>;

/** A subfolder of the spool. */
export const REFUSED_FOLDER = 'refused';

type PendingAppend = Readonly<{ payload: Uint8Array; done: () => void; fail: (error: unknown) => void }>;

/**
 * Store and forward: `append` resolves once an entry is in a segment file and synced to the disk, `peek` hands entries
 * out in order, and `acknowledge` forgets them. Concurrent appends share one sync. However many wait, only a few
 * thousand are in memory.
 */
export class Spool implements AsyncDisposable {
  readonly #options: SpoolOptions;
  /** In order; the last one is written to. */
  readonly #segments: Segment[] = [];
  readonly #reader: SpoolReader;
  #file: FileHandle | undefined;
  #position: SpoolPosition | undefined;
  #refused: RefusedEvents | undefined;
  #nextId = 1;
  #acknowledged = 0;
  #broken = false;
  #queue: PendingAppend[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;
  #damagedRecords = 0;

  private constructor(options: SpoolOptions) {
    this.#options = options;
    this.#reader = new SpoolReader({ folder: options.folder, segments: this.#segments, log: options.log });
  }

  /**
   * Opens the folder: cuts off a torn last record, repairs damaged files, and takes up what was unacknowledged or set
   * aside.
   */
  static async open(options: SpoolOptions): Promise<Spool> {
    const spool = new Spool(options);
    await mkdir(options.folder, { recursive: true });
    await spool.#recover();
    spool.#refused = await RefusedEvents.open(join(options.folder, REFUSED_FOLDER), options.log);
    await spool.#refused.handIn((payload) => spool.append(payload));
    return spool;
  }

  /** How many entries are not yet acknowledged. */
  get waiting(): number {
    return this.#nextId - 1 - this.#acknowledged;
  }

  /** Entries that were lost to damaged bytes when the folder was opened. */
  get damagedRecords(): number {
    return this.#damagedRecords;
  }

  /** How many entries are set aside until the next start. */
  get aside(): number {
    return this.#refused?.count ?? 0;
  }

  /** Bytes of all segment files. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The oldest unacknowledged entries, at most `most`; the same again until they are acknowledged. */
  async peek(most: number): Promise<readonly SpoolEntry[]> {
    const upTo = this.#nextId - 1;
    const entries = await this.#reader.peek(most);
    const unreadable = upTo - this.#acknowledged;
    if (entries.length === 0 && unreadable > 0) {
      this.#forget(upTo);
      this.#options.log.error({ events: unreadable }, 'events in the spool cannot be read any more and are lost');
      this.#options.onGivenUp?.(unreadable, 'damaged');
    }
    return entries;
  }

  /**
   * Resolves once the entry is on the disk. Rejects with SPOOL_FAILED when it could not be written, EVENT_INVALID when
   * it is too large to be read back.
   */
  append(payload: Uint8Array): Promise<void> {
    if (this.#closed) return Promise.reject(new AlprError('SPOOL_FAILED', 'The spool is closed'));
    if (payload.length > MAX_PAYLOAD_BYTES) {
      const expected = `Expected an event of at most ${MAX_PAYLOAD_BYTES} bytes, got ${payload.length}`;
      return Promise.reject(new AlprError('EVENT_INVALID', expected));
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#queue.push({ payload, done: resolve, fail: reject });
    this.#writing ??= this.#writeQueue();
    return promise;
  }

  /** Keeps an entry that the bus will never take until the next start; acknowledge it afterwards like any other. */
  async putAside({ id, payload }: SpoolEntry, refusal: Error): Promise<void> {
    await this.#refused?.keep(id, payload, refusal);
  }

  /** Forgets all entries up to and including `id`, and removes files that hold nothing else. */
  async acknowledge(id: number): Promise<void> {
    this.#forget(id);
    await this.#position?.save(this.#acknowledged);
    await this.#dropSegments();
  }

  /**
   * Begins a new file once nothing waits, so that what the bus has taken does not stay on the disk until the next event. Does
   * nothing while there is something to do.
   */
  async clear(): Promise<void> {
    if (this.#closed || this.#writing || this.waiting > 0 || this.#current().bytes === 0) return;
    this.#writing = (async () => {
      await this.#beginSegment();
      await this.#dropSegments();
    })().finally(() => {
      this.#writing = this.#queue.length > 0 ? this.#writeQueue() : undefined;
    });
    await this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#file?.close();
    await this.#position?.[Symbol.asyncDispose]();
    this.#position = undefined;
  }

  async #recover(): Promise<void> {
    const { folder, log } = this.#options;
    this.#position = await SpoolPosition.open(folder, log);
    const { known } = this.#position;
    const { segments, nextId, damagedRecords } = await recoverSegments({ folder, acknowledged: known, log });
    this.#damagedRecords = damagedRecords;
    this.#segments.push(...segments);
    const first = segments[0]?.firstId ?? nextId;
    // A position after the last record is impossible: entries are on the disk before anyone can acknowledge them.
    const plausible = segments.length === 0 || known < nextId;
    this.#nextId = plausible ? Math.max(nextId, known + 1) : nextId;
    this.#forget(plausible ? Math.max(known, first - 1) : first - 1);
    // Otherwise it would look valid as soon as there are more entries.
    if (!plausible) await this.#position.save(this.#acknowledged);
    await this.#beginSegment();
    await this.#dropSegments();
  }

  async #writeQueue(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      try {
        await this.#writeMakingRoom(batch);
        for (const { done } of batch) done();
      } catch (cause) {
        const error = new AlprError('SPOOL_FAILED', `The spool in ${this.#options.folder} could not be written`, {
          cause,
        });
        for (const { fail } of batch) fail(error);
      }
    }
    // In the same step as the last look at the queue, so that a later Sighting starts a new run.
    this.#writing = undefined;
  }

  /**
   * On a full disk other things are given up for events: pictures first, then refused events, then the oldest events.
   */
  async #writeMakingRoom(batch: readonly PendingAppend[]): Promise<void> {
    while (true) {
      try {
        if (this.#broken || this.#current().bytes >= this.#options.segmentBytes) await this.#beginSegment();
        await this.#writeBatch(batch);
        return;
      } catch (error) {
        await this.#undo();
        if (!isFull(error)) throw error;
        if (!(await this.#makeRoom())) throw error;
      }
    }
  }

  async #makeRoom(): Promise<boolean> {
    const { freeSpace, onGivenUp } = this.#options;
    if (await freeSpace?.()) return true;
    if (!(await this.#refused?.giveUpOldest())) return this.#giveUpOldest();
    onGivenUp?.(1, 'disk_full');
    return true;
  }

  async #writeBatch(batch: readonly PendingAppend[]): Promise<void> {
    const segment = this.#current();
    const bytes = Buffer.concat(batch.map(({ payload }, at) => frameRecord(this.#nextId + at, payload)));
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle().write(bytes, done, bytes.length - done, segment.bytes + done);
      done += bytesWritten;
    }
    await this.#handle().datasync();
    const entries = batch.map(({ payload }, at) => ({ id: this.#nextId + at, payload }));
    this.#nextId += batch.length;
    segment.bytes += bytes.length;
    segment.lastId = this.#nextId - 1;
    this.#reader.offer(entries, bytes.length);
  }

  /** After a failed write (such as a full disk) nothing half-written may stand before the next record. */
  async #undo(): Promise<void> {
    try {
      await this.#file?.truncate(this.#current().bytes);
    } catch (error) {
      this.#options.log.error(
        { err: error },
        'the spool cannot be cut back after a failed write; a new segment begins',
      );
      this.#broken = true;
    }
  }

  async #giveUpOldest(): Promise<boolean> {
    const [oldest] = this.#segments;
    if (!oldest || this.#segments.length < 2) return false;
    const events = oldest.lastId - Math.max(this.#acknowledged, oldest.firstId - 1);
    this.#forget(oldest.lastId);
    await this.#dropSegments();
    this.#options.log.error({ events }, 'the disk is full of events; the oldest are given up');
    this.#options.onGivenUp?.(events, 'disk_full');
    return true;
  }

  #forget(id: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, id);
    this.#reader.forget(this.#acknowledged);
  }

  #current(): Segment {
    const segment = this.#segments.at(-1);
    if (!segment) throw new AlprError('SPOOL_FAILED', 'The spool has no open segment');
    return segment;
  }

  #handle(): FileHandle {
    if (!this.#file) throw new AlprError('SPOOL_FAILED', 'The spool has no open file');
    return this.#file;
  }

  async #beginSegment(): Promise<void> {
    const { folder } = this.#options;
    const file = await open(segmentPath(folder, this.#nextId), 'w');
    await syncFolder(folder);
    await this.#file?.close();
    this.#file = file;
    this.#broken = false;
    if (this.#segments.at(-1)?.firstId !== this.#nextId) {
      this.#segments.push({ firstId: this.#nextId, lastId: this.#nextId - 1, bytes: 0 });
    }
  }

  async #dropSegments(): Promise<void> {
    let [oldest, next] = this.#segments;
    while (oldest && next && oldest.lastId <= this.#acknowledged) {
      this.#segments.shift();
      await rm(segmentPath(this.#options.folder, oldest.firstId));
      [oldest, next] = this.#segments;
    }
  }
}

/** No space, over a quota, or over the maximum size of a file. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(error.code));
}
