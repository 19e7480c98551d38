import avro from 'avsc';
import { AlprError } from '../base/errors.ts';

/** Most items of one list or map; an event has at most 32, more is damage. */
const MAX_ITEMS = 1024;

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
  return avro.Type.forSchema(JSON.parse(schema), { typeHook: boundLists });
}

/** Lists and maps of ours in place of the library's, whose loops believe any count that damaged bytes claim. */
function boundLists(schema: unknown, options: object): avro.Type | undefined {
  if (typeof schema !== 'object' || schema === null || !('type' in schema)) return undefined;
  if (schema.type === 'array') return new BoundedList(schema as never, options);
  if (schema.type === 'map') return new BoundedMap(schema as never, options);
  return undefined;
}

/** The library's cursor over bytes. It reads zeros behind the end, which it reports when all is read. */
type Tap = { pos: number; readLong(): number; readString(): string };
type Inner = { _read(tap: Tap): unknown; _skip(tap: Tap): void };

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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
