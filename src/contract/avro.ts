import avro from 'avsc';
import { AlprError, messageOf } from '../base/errors.ts';

/** Most items of one list or map; an event has at most 32, more is damage. */
const MAX_ITEMS = 1024;

/** Characters that are copied one by one; a length up to 63 takes one byte. */
const LONGEST_SHORT = 24;

/** Turns one record into Avro bytes behind `headerBytes` free ones, which the caller fills in. */
export type AvroWriter = (record: object, headerBytes: number) => Buffer;

/** The record in Avro bytes; throws whatever the bytes make it throw. */
export type AvroReader = (bytes: Buffer) => unknown;

/** A writer for an Avro schema; throws where a record does not fit it. */
export function createAvroWriter(schema: string): AvroWriter {
  const type = parseType(schema);
  let scratch = Buffer.allocUnsafeSlow(4096);
  return (record, headerBytes) => {
    let end = type.encode(record, scratch, headerBytes);
    if (end < 0) {
      scratch = Buffer.allocUnsafeSlow(2 * (scratch.length - end));
      end = type.encode(record, scratch, headerBytes);
    }
    return Buffer.from(scratch.subarray(0, end));
  };
}

/** Reads what was written with `writerSchema` as `readerSchema` says; EVENT_INVALID when the one cannot be read as the other. */
export function createAvroReader(readerSchema: string, writerSchema: string): AvroReader {
  try {
    const [reader, writer] = [parseType(readerSchema), parseType(writerSchema)];
    const resolver = reader.createResolver(writer);
    return (bytes) => reader.fromBuffer(bytes, resolver);
  } catch (cause) {
    throw new AlprError('EVENT_INVALID', `Expected a schema that can be read as a PlateEvent: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** Why records of `writerSchema` cannot be read as `readerSchema`, or undefined when they can. */
export function explainUnreadable(readerSchema: string, writerSchema: string): string | undefined {
  try {
    parseType(readerSchema).createResolver(parseType(writerSchema));
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function parseType(schema: string): avro.Type {
  return avro.Type.forSchema(JSON.parse(schema), { typeHook: chooseType });
}

/** Types of ours in place of the library's. */
function chooseType(schema: unknown, options: object): avro.Type | undefined {
  if (schema === 'string') return new ShortText();
  if (typeof schema !== 'object' || schema === null || !('type' in schema)) return undefined;
  if (schema.type === 'array') return new BoundedList(schema as never, options);
  if (schema.type === 'map') return new BoundedMap(schema as never, options);
  return undefined;
}

/** The library's cursor over bytes. It reads zeros behind the end, which it reports when all is read. */
type Tap = { pos: number; buf: Buffer; readLong(): number; readString(): string; writeString(text: string): void };
type Inner = { _read(tap: Tap): unknown; _skip(tap: Tap): void };

/** Most texts of an event are a character or a few of ASCII, which are quicker to copy here than by calls into the engine. */
class ShortText extends avro.types.StringType {
  protected _read(tap: Tap): string {
    const { buf, pos } = tap;
    const char = buf[pos + 1] ?? 0x80;
    // A length of one is written as 2.
    if (buf[pos] !== 2 || char >= 0x80) return tap.readString();
    tap.pos = pos + 2;
    return String.fromCharCode(char);
  }

  protected _write(tap: Tap, text: string): void {
    if (typeof text !== 'string') throw new TypeError(`Expected text, got ${typeof text}`);
    if (!writeShortText(tap, text)) tap.writeString(text);
  }
}

/** Whether a text was short and plain enough to be written here. */
function writeShortText(tap: Tap, text: string): boolean {
  const { buf, pos } = tap;
  const { length } = text;
  if (length > LONGEST_SHORT || pos + 1 + length > buf.length) return false;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) return false;
    buf[pos + 1 + at] = code;
  }
  buf[pos] = 2 * length;
  tap.pos = pos + 1 + length;
  return true;
}

/** A list that does not believe any count that damaged bytes claim. */
class BoundedList extends avro.types.ArrayType {
  declare readonly itemsType: avro.Type & Inner;

  protected _read(tap: Tap): unknown[] {
    const items: unknown[] = [];
    for (let count = readCount(tap, 0); count !== 0; count = readCount(tap, items.length)) {
      while (count-- > 0) items.push(this.itemsType._read(tap));
    }
    return items;
  }

  protected _skip(tap: Tap): void {
    let total = 0;
    for (let count = readCount(tap, total); count !== 0; count = readCount(tap, total)) {
      total += count;
      while (count-- > 0) this.itemsType._skip(tap);
    }
  }
}

/** A map that does not either. */
class BoundedMap extends avro.types.MapType {
  declare readonly valuesType: avro.Type & Inner;

  protected _read(tap: Tap): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (let count = readCount(tap, 0); count !== 0; count = readCount(tap, entries.length)) {
      while (count-- > 0) entries.push([tap.readString(), this.valuesType._read(tap)]);
    }
    return Object.fromEntries(entries);
  }

  protected _skip(tap: Tap): void {
    let total = 0;
    for (let count = readCount(tap, total); count !== 0; count = readCount(tap, total)) {
      total += count;
      while (count-- > 0) {
        tap.readString();
        this.valuesType._skip(tap);
      }
    }
  }
}

/** Items of Avro's next block, 0 behind the last; a negative count has the block's size in bytes behind it. */
function readCount(tap: Tap, before: number): number {
  let count = tap.readLong();
  if (count < 0) {
    count = -count;
    tap.readLong();
  }
  if (before + count > MAX_ITEMS) throw new RangeError(`Expected at most ${MAX_ITEMS} items, got ${before + count}`);
  return count;
}
