import { type FileHandle, open } from 'node:fs/promises';
import { AlprError } from '../../base/errors.ts';

/** What an ONNX file says about itself besides its inputs and outputs, which the runtime reports. */
export type OnnxFacts = Readonly<{
  /** Program that wrote it, for example `pytorch`. */
  producer: string;
  /** Free entries: Ultralytics writes `names`, `task`, `stride`; PaddleOCR exports of RapidOCR write `character`. */
  metadata: ReadonlyMap<string, string>;
}>;

/** Field numbers of ModelProto and StringStringEntryProto (onnx.proto3). */
const IR_VERSION = 1;
const PRODUCER = 2;
const GRAPH = 7;
const METADATA = 14;
const ENTRY_KEY = 1;
const ENTRY_VALUE = 2;

const VARINT = 0;
const BYTES = 2;
/** The longest head of a protobuf field: tag and length, each a varint. */
const LONGEST_HEAD = 20;
/** Metadata longer than this is not read. */
const LONGEST_TEXT = 16 * 1024 * 1024;

type Field = Readonly<{ number: number; wire: number; from: number; length: number }>;

/**
 * Walks the top-level fields of an ONNX file and skips the graph, so that files of any size take only a few reads.
 * MODEL_INVALID when the file is not ONNX or is cut short.
 */
export async function readOnnxFacts(path: string): Promise<OnnxFacts> {
  await using file = await open(path);
  const { size } = await file.stat();
  const seen = new Set<number>();
  const metadata = new Map<string, string>();
  let producer = '';
  for (let at = 0; at < size; ) {
    const field = await readField(file, at, size);
    if (!field || (field.number === IR_VERSION) !== (field.wire === VARINT)) {
      if (seen.has(GRAPH)) break;
      throw notOnnx(path);
    }
    const end = field.from + field.length;
    if (end > size) throw explainCut(path, seen, field, size);
    seen.add(field.number);
    if (field.number === PRODUCER) producer = (await readBytes(file, field)).toString('utf8');
    if (field.number === METADATA && field.length <= LONGEST_TEXT) addEntry(metadata, await readBytes(file, field));
    at = end;
  }
  if (!seen.has(IR_VERSION) || !seen.has(GRAPH)) throw notOnnx(path);
  return { producer, metadata };
}

async function readField(file: FileHandle, at: number, size: number): Promise<Field | undefined> {
  const head = Buffer.alloc(Math.min(LONGEST_HEAD, size - at));
  await file.read(head, 0, head.length, at);
  return parseField(head, at);
}

/** The field whose head lies in `head`; `base` is the place of the head in the file. */
function parseField(head: Buffer, base: number): Field | undefined {
  const tag = parseVarint(head, 0);
  if (!tag) return undefined;
  const value = parseVarint(head, tag.end);
  if (!value) return undefined;
  const number = Math.floor(tag.value / 8);
  const wire = tag.value % 8;
  if (number < 1 || number > 100 || (wire !== VARINT && wire !== BYTES)) return undefined;
  return { number, wire, from: base + value.end, length: wire === BYTES ? value.value : 0 };
}

function parseVarint(bytes: Buffer, from: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let at = from; at < bytes.length && at < from + 10; at += 1) {
    const byte = bytes.readUInt8(at);
    value += (byte & 127) * 2 ** (7 * (at - from));
    if (byte < 128) return { value, end: at + 1 };
  }
  return undefined;
}

async function readBytes(file: FileHandle, { from, length }: Field): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, from);
  return bytes;
}

function addEntry(metadata: Map<string, string>, entry: Buffer): void {
  const texts = new Map<number, string>();
  for (let at = 0; at < entry.length; ) {
    const field = parseField(entry.subarray(at, at + LONGEST_HEAD), at);
    if (field?.wire !== BYTES) return;
    at = field.from + field.length;
    texts.set(field.number, entry.toString('utf8', field.from, at));
  }
  const key = texts.get(ENTRY_KEY);
  if (key !== undefined) metadata.set(key, texts.get(ENTRY_VALUE) ?? '');
}

function notOnnx(path: string): AlprError {
  return new AlprError('MODEL_INVALID', `${path} is not an ONNX file. Export the network to ONNX and add that file.`);
}

function explainCut(path: string, seen: ReadonlySet<number>, { number, from, length }: Field, size: number): AlprError {
  if (!seen.has(IR_VERSION) || number > METADATA + 20) return notOnnx(path);
  const message = `${path} is cut off: it should have at least ${from + length} bytes, but has ${size}. Copy it again.`;
  return new AlprError('MODEL_INVALID', message);
}
