import { open } from 'node:fs/promises';
import type { Log } from '../base/log.ts';
import { HEADER_BYTES, MAX_PAYLOAD_BYTES, scanRecords } from './segment.ts';
import { type Segment, segmentPath } from './spool-recovery.ts';

/** One entry that waits for its acknowledgement. `id` counts up over the life of the folder. */
export type SpoolEntry = Readonly<{ id: number; payload: Uint8Array }>;

/** Most entries in memory; the rest waits on the disk. */
const MOST_IN_MEMORY = 4096;
/** One record always fits, so every piece makes progress. */
const PIECE_BYTES = HEADER_BYTES + MAX_PAYLOAD_BYTES;

type ReaderOptions = Readonly<{
  folder: string;
  /** Shared with the spool, which keeps it up to date. */
  segments: readonly Segment[];
  log: Log;
}>;

/**
 * Hands out the entries of segment files in order. New entries go through memory while everything before them is in
 * memory; otherwise they are read back from the files piece by piece.
 */
export class SpoolReader {
  readonly #options: ReaderOptions;
  /** The oldest unacknowledged entries, without gaps. */
  #entries: SpoolEntry[] = [];
  #acknowledged = 0;
  /** Where the entry after those in memory begins. */
  #at = { firstId: 0, offset: 0 };
  #reading: Promise<boolean> | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** The oldest entries, at most `most`. */
  async peek(most: number): Promise<readonly SpoolEntry[]> {
    while (this.#entries.length < Math.min(most, MOST_IN_MEMORY) && (await this.#readMore())) {}
    return this.#entries.slice(0, most);
  }

  /**
   * Takes entries that were just written as the last `bytes` of the last segment; keeps them if they follow those in
   * memory.
   */
  offer(entries: readonly SpoolEntry[], bytes: number): void {
    this.#skipFinished();
    const last = this.#options.segments.at(-1);
    if (last?.firstId !== this.#at.firstId || this.#at.offset !== last.bytes - bytes) return;
    if (this.#reading || this.#entries.length + entries.length > MOST_IN_MEMORY) return;
    this.#entries.push(...entries);
    this.#at.offset = last.bytes;
  }

  forget(acknowledged: number): void {
    this.#acknowledged = acknowledged;
    const first = this.#entries.findIndex(({ id }) => id > acknowledged);
    this.#entries = first < 0 ? [] : this.#entries.slice(first);
  }

  #readMore(): Promise<boolean> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Reads a piece; false when everything is read. */
  async #read(): Promise<boolean> {
    this.#skipFinished();
    const segment = this.#options.segments.find(({ firstId }) => firstId === this.#at.firstId);
    if (!segment || this.#at.offset >= segment.bytes) return false;
    const { offset } = this.#at;
    const piece = await this.#readPiece(segment, offset);
    const { records, damagedBytes, soundEnd } = scanRecords(piece);
    const whole = offset + piece.length >= segment.bytes;
    if (damagedBytes > (whole ? 0 : piece.length - soundEnd)) {
      this.#options.log.error({ segment: segment.firstId, bytes: damagedBytes }, 'the spool is damaged on the disk');
    }
    this.#at = { firstId: segment.firstId, offset: whole ? segment.bytes : offset + (soundEnd || piece.length) };
    for (const { id, payload } of records) {
      if (id > this.#acknowledged) this.#entries.push({ id, payload });
    }
    return true;
  }

  async #readPiece({ firstId, bytes }: Segment, offset: number): Promise<Buffer> {
    await using handle = await open(segmentPath(this.#options.folder, firstId), 'r');
    const length = Math.min(bytes - offset, PIECE_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  }

  /** Moves on from a segment that is read to its end, or gone. */
  #skipFinished(): void {
    const { segments } = this.#options;
    const current = segments.find(({ firstId }) => firstId === this.#at.firstId);
    const next = segments.find(({ firstId }) => firstId > this.#at.firstId);
    if (!current) this.#at = { firstId: next?.firstId ?? 0, offset: 0 };
    else if (next && this.#at.offset >= current.bytes) this.#at = { firstId: next.firstId, offset: 0 };
  }
}
