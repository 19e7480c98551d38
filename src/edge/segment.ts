import { open, readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** Bytes before each payload: length and CRC-32 of the payload, both unsigned 32-bit little-endian. */
export const HEADER_BYTES = 8;

/** Largest payload accepted; a longer length field is damage, not data. */
export const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

export type SegmentScan = Readonly<{
  /** Whole records in order: the payload and the offset just behind it. */
  records: readonly Readonly<{ payload: Uint8Array; end: number }>[];
  /** Bytes from the start that hold whole, undamaged records. */
  soundBytes: number;
  fileBytes: number;
}>;

/** One record as it stands in a segment file. */
export function frameRecord(payload: Uint8Array): Buffer {
  const record = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  record.writeUInt32LE(payload.length, 0);
  record.writeUInt32LE(crc32(payload), 4);
  record.set(payload, HEADER_BYTES);
  return record;
}

/** Reads a segment up to the first record that is torn or whose CRC does not fit. */
export async function scanSegment(file: string): Promise<SegmentScan> {
  const bytes = await readFile(file);
  const records: { payload: Uint8Array; end: number }[] = [];
  let offset = 0;
  while (offset + HEADER_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(offset);
    const end = offset + HEADER_BYTES + length;
    if (length > MAX_PAYLOAD_BYTES || end > bytes.length) break;
    const payload = bytes.subarray(offset + HEADER_BYTES, end);
    if (crc32(payload) !== bytes.readUInt32LE(offset + 4)) break;
    records.push({ payload, end });
    offset = end;
  }
  return { records, soundBytes: offset, fileBytes: bytes.length };
}

/** Cuts a file to `bytes` and makes that durable. */
export async function truncateFile(file: string, bytes: number): Promise<void> {
  await using handle = await open(file, 'r+');
  await handle.truncate(bytes);
  await handle.sync();
}

/** Makes created, renamed and removed names of a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}
