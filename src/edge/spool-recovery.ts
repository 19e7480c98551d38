import { copyFile, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { writeDurably } from '../base/durable-file.ts';
import type { Log } from '../base/log.ts';
import { frameRecord, MAX_PAYLOAD_BYTES, type SpoolRecord, scanRecords, truncateFile } from './segment.ts';

const SEGMENT_NAME = /^(\d{12})\.spool$/;

/** Files of version 0.1.0: records were length, CRC-32 and payload, numbered from the number in the name. */
const FIRST_NAME = /^(\d{12})\.seg$/;
const FIRST_HEADER_BYTES = 8;

/** A segment file whose first `bytes` are whole records; it may hold none. */
export type Segment = { readonly firstId: number; lastId: number; bytes: number };

/** What a folder of segments held when it was opened. */
export type Recovered = Readonly<{
  segments: readonly Segment[];
  /** The number of the next record. */
  nextId: number;
  /** Records known to be missing because their bytes were damaged. */
  damagedRecords: number;
  /** Bytes of a last record that a crash cut short; no append had resolved for it. */
  tornBytes: number;
}>;

/** Name of the segment whose first record is `firstId`. */
export function segmentPath(folder: string, firstId: number): string {
  return join(folder, `${String(firstId).padStart(12, '0')}.spool`);
}

/** Paths of the segments in a folder, oldest first; none where there is no such folder. */
export async function listSegments(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => SEGMENT_NAME.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Reads all segments of a folder whose entries up to `acknowledged` are no longer needed. A torn end is cut off; a
 * damaged file is kept as `.damaged` and rewritten with every whole record; older formats are converted.
 */
export async function recoverSegments(
  options: Readonly<{ folder: string; acknowledged: number; log: Log }>,
): Promise<Recovered> {
  const { folder, acknowledged, log } = options;
  const countMissing = (from: number, to: number) => Math.max(0, to - Math.max(from, acknowledged + 1));
  await convertFirst(folder, log);
  const names = (await readdir(folder)).filter((name) => SEGMENT_NAME.test(name)).sort();
  const segments: Segment[] = [];
  let [nextId, damagedRecords, tornBytes] = [1, 0, 0];
  for (const name of names) {
    const firstId = Number(name.slice(0, 12));
    if (segments.length > 0) damagedRecords += countMissing(nextId, firstId);
    const found = await recoverSegment({ folder, firstId, last: name === names.at(-1), log });
    const lastId = found.records.at(-1)?.id ?? firstId - 1;
    for (const [from, to] of gapsOf(found.records, firstId)) damagedRecords += countMissing(from, to);
    tornBytes += found.tornBytes;
    nextId = Math.max(nextId, lastId + 1);
    if (found.records.length > 0) segments.push({ firstId, lastId, bytes: found.bytes });
    else await rm(segmentPath(folder, firstId));
  }
  if (damagedRecords > 0) log.error({ folder, records: damagedRecords }, 'events in the spool are damaged and lost');
  return { segments, nextId, damagedRecords, tornBytes };
}

/** The numbers missing before and between records, as ranges: from one, before another. */
function gapsOf(records: readonly SpoolRecord[], firstId: number): readonly (readonly [number, number])[] {
  return records.map(({ id }, at) => [at === 0 ? firstId : (records[at - 1] as SpoolRecord).id + 1, id] as const);
}

type Found = Readonly<{ records: readonly SpoolRecord[]; bytes: number; tornBytes: number }>;

async function recoverSegment(
  options: Readonly<{ folder: string; firstId: number; last: boolean; log: Log }>,
): Promise<Found> {
  const { folder, firstId, last, log } = options;
  const file = segmentPath(folder, firstId);
  const bytes = await readFile(file);
  const { records, damagedBytes, soundEnd } = scanRecords(bytes);
  if (damagedBytes === 0) return { records, bytes: bytes.length, tornBytes: 0 };
  if (last && damagedBytes === bytes.length - soundEnd) {
    log.warn({ file, bytes: damagedBytes }, 'the spool ends in a torn record, which is cut off');
    await truncateFile(file, soundEnd);
    return { records, bytes: soundEnd, tornBytes: damagedBytes };
  }
  log.error({ file, bytes: damagedBytes }, 'a spool segment is damaged and kept as .damaged');
  const whole = Buffer.concat(records.map(({ start, end }) => bytes.subarray(start, end)));
  await copyFile(file, `${file}.damaged`);
  await writeDurably(file, whole);
  return { records, bytes: whole.length, tornBytes: 0 };
}

async function convertFirst(folder: string, log: Log): Promise<void> {
  for (const name of (await readdir(folder)).filter((name) => FIRST_NAME.test(name)).sort()) {
    const firstId = Number(name.slice(0, 12));
    const payloads = readFirst(await readFile(join(folder, name)));
    const file = segmentPath(folder, firstId);
    await writeDurably(file, Buffer.concat(payloads.map((payload, at) => frameRecord(firstId + at, payload))));
    await rm(join(folder, name));
    log.info({ file: name, records: payloads.length }, 'a spool file of an earlier version is taken over');
  }
}

function readFirst(bytes: Buffer): readonly Uint8Array[] {
  const payloads: Uint8Array[] = [];
  for (let at = 0; at + FIRST_HEADER_BYTES <= bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    const end = at + FIRST_HEADER_BYTES + length;
    if (length > MAX_PAYLOAD_BYTES || end > bytes.length) break;
    const payload = bytes.subarray(at + FIRST_HEADER_BYTES, end);
    if (crc32(payload) !== bytes.readUInt32LE(at + 4)) break;
    payloads.push(payload);
    at = end;
  }
  return payloads;
}
