import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/**
 * A record in a file: four bytes that begin every record, the length of the payload and the number of the record
 * (unsigned, little-endian), CRC-32 over both and the payload, the payload.
 */
export const HEADER_BYTES = 20;

/** Largest payload accepted; a longer length field is damage, not data. */
export const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

const MAGIC = Buffer.from([0xa1, 0x50, 0x5f, 0x02]);
const CHECKED_FROM = 4;
const CRC_AT = 16;

export type SpoolRecord = Readonly<{ id: number; payload: Uint8Array; start: number; end: number }>;

export type SegmentScan = Readonly<{
  /** Whole records, their numbers ascending. */
  records: readonly SpoolRecord[];
  /** Bytes that belong to no whole record. */
  damagedBytes: number;
  /** Where the last whole record ends. */
  soundEnd: number;
}>;

/** One record ready to be written. */
export function frameRecord(id: number, payload: Uint8Array): Buffer {
  const record = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  record.set(MAGIC, 0);
  record.writeUInt32LE(payload.length, 4);
  record.writeBigUInt64LE(BigInt(id), 8);
  record.set(payload, HEADER_BYTES);
  record.writeUInt32LE(sumOf(record), CRC_AT);
  return record;
}

/**
 * All whole records of a file, including those after damage, where it searches for the next start of a record. Never
 * throws.
 */
export function scanRecords(bytes: Buffer): SegmentScan {
  const records: SpoolRecord[] = [];
  let [at, damagedBytes, last] = [0, 0, -1];
  while (at < bytes.length) {
    const record = readRecord(bytes, at);
    if (record && record.id > last) {
      records.push(record);
      [at, last] = [record.end, record.id];
      continue;
    }
    const found = bytes.indexOf(MAGIC, at + 1);
    const next = found < 0 ? bytes.length : found;
    damagedBytes += next - at;
    at = next;
  }
  return { records, damagedBytes, soundEnd: records.at(-1)?.end ?? 0 };
}

/** The record at `start`; undefined if no whole, undamaged record begins there. */
function readRecord(bytes: Buffer, start: number): SpoolRecord | undefined {
  if (start + HEADER_BYTES > bytes.length || bytes.compare(MAGIC, 0, 4, start, start + 4) !== 0) return undefined;
  const length = bytes.readUInt32LE(start + 4);
  const id = bytes.readBigUInt64LE(start + 8);
  const end = start + HEADER_BYTES + length;
  if (length > MAX_PAYLOAD_BYTES || end > bytes.length || id > Number.MAX_SAFE_INTEGER) return undefined;
  if (sumOf(bytes.subarray(start, end)) !== bytes.readUInt32LE(start + CRC_AT)) return undefined;
  return { id: Number(id), payload: bytes.subarray(start + HEADER_BYTES, end), start, end };
}

/** CRC-32 of a record's numbers and payload. */
function sumOf(record: Buffer): number {
  return crc32(record.subarray(HEADER_BYTES), crc32(record.subarray(CHECKED_FROM, CRC_AT)));
}

/** Cuts a file to `bytes` and makes that durable. */
export async function truncateFile(file: string, bytes: number): Promise<void> {
  await using handle = await open(file, 'r+');
  await handle.truncate(bytes);
  await handle.sync();
}
