import { inflateRawSync } from 'node:zlib';
import { AlprError } from '../base/errors.ts';

/** Signatures and lengths of the parts of a zip (PKWARE, APPNOTE 6.3.10). */
const LOCAL = { signature: 0x04034b50, bytes: 30 };
const CENTRAL = { signature: 0x02014b50, bytes: 46 };
const END = { signature: 0x06054b50, bytes: 22 };
const DESCRIPTOR = { signature: 0x08074b50, bytes: 16 };
const HAS_DESCRIPTOR = 1 << 3;
const [STORED, DEFLATED] = [0, 8];

/** Most bytes that all files of a zip may have together when they are unpacked, so that a small zip cannot fill the memory. */
const MOST_BYTES = 512 << 20;

type Entry = Readonly<{ name: string; start: number; end: number; content: Buffer }>;

/**
 * The files of a zip by name. Strict, because tools differ in what they show of others: INPUT_INVALID for a zip in which a name
 * stands twice, that holds anything besides its files, or that unpacks to more than `most` bytes.
 */
export function readZip(zip: Buffer, most = MOST_BYTES): ReadonlyMap<string, Buffer> {
  try {
    return readFiles(zip, most);
  } catch (cause) {
    if (cause instanceof AlprError) throw cause;
    throw invalid('a whole zip', 'one that is damaged', cause);
  }
}

function readFiles(zip: Buffer, most: number): ReadonlyMap<string, Buffer> {
  const end = zip.length - END.bytes;
  if (end < 0 || zip.readUInt32LE(end) !== END.signature) throw invalid('a zip without a comment', 'something else');
  const [count, directory] = [zip.readUInt16LE(end + 10), zip.readUInt32LE(end + 16)];
  const files = new Map<string, Buffer>();
  let [at, next, left] = [directory, 0, most];
  for (let read = 0; read < count; read++) {
    left -= zip.readUInt32LE(at + 24);
    if (left < 0) throw invalid(`at most ${most} bytes unpacked`, 'more');
    const entry = readEntry(zip, at, next);
    if (files.has(entry.name)) throw invalid('each file once', `${entry.name} twice`);
    files.set(entry.name, entry.content);
    at += CENTRAL.bytes + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    next = entry.end;
  }
  if (next !== directory || at !== end) throw invalid('nothing but files', 'bytes between or behind them');
  return files;
}

/** One entry of the directory, whose file must begin where the one before ended. */
function readEntry(zip: Buffer, at: number, next: number): Entry {
  if (zip.readUInt32LE(at) !== CENTRAL.signature) throw invalid('an entry of the directory', 'something else');
  const [flags, method] = [zip.readUInt16LE(at + 8), zip.readUInt16LE(at + 10)];
  const [packed, size, nameBytes] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24), zip.readUInt16LE(at + 28)];
  const start = zip.readUInt32LE(at + 42);
  const name = zip.toString('utf8', at + CENTRAL.bytes, at + CENTRAL.bytes + nameBytes);
  if (start !== next || zip.readUInt32LE(start) !== LOCAL.signature)
    throw invalid(`${name} to follow the file before`, 'a gap');
  const localName = zip.toString('utf8', start + LOCAL.bytes, start + LOCAL.bytes + zip.readUInt16LE(start + 26));
  if (localName !== name) throw invalid(`one name of a file`, `${name} and ${localName}`);
  const from = start + LOCAL.bytes + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
  const bytes = zip.subarray(from, from + packed);
  const content = method === STORED ? bytes : method === DEFLATED ? unpack(bytes, size) : undefined;
  if (content?.length !== size) throw invalid(`${name} with ${size} bytes`, 'another length');
  const behind = from + packed;
  return { name, start, content, end: flags & HAS_DESCRIPTOR ? skipDescriptor(zip, behind) : behind };
}

function unpack(bytes: Buffer, size: number): Buffer {
  return inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
}

function skipDescriptor(zip: Buffer, at: number): number {
  if (zip.readUInt32LE(at) !== DESCRIPTOR.signature) throw invalid('a descriptor behind a file', 'something else');
  return at + DESCRIPTOR.bytes;
}

function invalid(expected: string, got: string, cause?: unknown): AlprError {
  return new AlprError('INPUT_INVALID', `Expected ${expected} in a zip, got ${got}`, { cause });
}
