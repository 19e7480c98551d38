import { readFileSync } from 'node:fs';
import { AlprError, messageOf } from '../base/errors.ts';
import type { AvroReader, AvroWriter } from './avro.ts';
import { findMisfit } from './check-record.ts';
import { decodeEvent, encodeEvent, findUnfitFault } from './codec.ts';
import type { NoteIgnored } from './known-fields.ts';
import type { PlateEvent } from './plate-event.ts';
import { fromWireRecord } from './wire-event.ts';
import { toWireRecord, type WireRecord } from './wire-record.ts';

/** The Avro schema of events as this version writes them. */
export const PLATE_EVENT_AVSC: string = readFileSync(new URL('plate-event.avsc', import.meta.url), 'utf8');

/** Where schemas have numbers that everybody knows. */
export interface SchemaBook {
  /** The number of a schema, which is entered where it is new. REGISTRY_UNAVAILABLE, SCHEMA_REFUSED. */
  numberOf(schema: string): Promise<number>;
  /** The schema of a number. REGISTRY_UNAVAILABLE when nobody can be asked, SCHEMA_UNKNOWN when it is in no book. */
  schemaOf(number: number): Promise<string>;
}

export type WireFormat = 'avro' | 'json';

/** A message in Avro begins with this byte and the number of its schema in four (Confluent's wire format); one in JSON with `{`. */
const MAGIC = 0;
const HEADER_BYTES = 5;

/** Numbers that were in no book a while ago; a flood of damaged messages is not to become a flood of questions. */
const UNKNOWN_MS = 30_000;
const MAX_UNKNOWN = 10_000;

/** Events as bytes of the wire and back. JSON and Avro are both read whichever is written. */
export class EventCodec {
  readonly #format: WireFormat;
  readonly #schemas: SchemaBook | undefined;
  readonly #onIgnored: NoteIgnored | undefined;
  readonly #readers = new Map<number, AvroReader | AlprError>();
  readonly #unknown = new Map<number, number>();
  #write: AvroWriter | undefined;
  #number: number | undefined;

  /** Without a book nothing but JSON can be written or read. */
  constructor(
    options: Readonly<{ format: WireFormat; schemas?: SchemaBook | undefined; onIgnored?: NoteIgnored | undefined }>,
  ) {
    this.#onIgnored = options.onIgnored;
    this.#format = options.format;
    this.#schemas = options.schemas;
  }

  /** To be awaited before `encode`: enters our schema in the book, once. */
  async prepare(): Promise<void> {
    if (this.#format === 'json' || this.#number !== undefined) return;
    if (!this.#schemas)
      throw new AlprError('CONFIG_INVALID', 'Expected a schema registry for events in Avro, got none');
    const number = await this.#schemas.numberOf(PLATE_EVENT_AVSC);
    const { createAvroWriter } = await import('./avro.ts');
    this.#write = createAvroWriter(PLATE_EVENT_AVSC);
    this.#number = number;
  }

  /** The bytes of an event. EVENT_INVALID where it does not fit the schema. */
  encode(event: PlateEvent): Uint8Array {
    if (this.#format === 'json') return encodeEvent(event);
    if (!this.#write || this.#number === undefined) {
      throw new AlprError(
        'REGISTRY_UNAVAILABLE',
        'Expected the schema of events to be registered before they are written',
      );
    }
    const write = this.#write;
    const bytes = namingMisfit(() => write(toWireRecord(event), HEADER_BYTES));
    bytes.writeUInt8(MAGIC, 0);
    bytes.writeUInt32BE(this.#number, 1);
    return bytes;
  }

  /** To be awaited before `decode`: looks up the schemas that messages name. REGISTRY_UNAVAILABLE when that cannot be done now. */
  async learn(messages: Iterable<Uint8Array>): Promise<void> {
    const numbers = new Set<number>();
    for (const bytes of messages) {
      const number = readSchemaNumber(bytes);
      if (number !== undefined && !this.isLearned(bytes)) numbers.add(number);
    }
    for (const number of numbers) await this.#learnOne(number);
  }

  /** Whether `decode` knows what to make of the schema of a message, be it that there is none. */
  isLearned(bytes: Uint8Array): boolean {
    const number = readSchemaNumber(bytes);
    return number === undefined || this.#readers.has(number) || this.#isUnknown(number);
  }

  /** The event in bytes. EVENT_INVALID names what does not fit, SCHEMA_UNKNOWN the number that is in no book. */
  decode(bytes: Uint8Array): PlateEvent {
    const number = readSchemaNumber(bytes);
    if (number === undefined) return decodeEvent(bytes, this.#onIgnored);
    const read = this.#readers.get(number);
    if (read === undefined) throw new AlprError('SCHEMA_UNKNOWN', `Expected a registered schema, got number ${number}`);
    if (read instanceof AlprError) throw read;
    const record = namingMisfit(() => read(viewBody(bytes))) as WireRecord;
    const misfit = findMisfit(record);
    if (misfit !== undefined) throw new AlprError('EVENT_INVALID', `Expected a PlateEvent; ${misfit} is out of range`);
    const event = fromWireRecord(record);
    const fault = findUnfitFault(event);
    if (fault) throw fault;
    return event;
  }

  #isUnknown(number: number): boolean {
    const until = this.#unknown.get(number);
    return until !== undefined && until > performance.now();
  }

  async #learnOne(number: number): Promise<void> {
    try {
      const schema = await this.#schemas?.schemaOf(number);
      if (schema === undefined) return;
      const { createAvroReader } = await import('./avro.ts');
      this.#readers.set(number, createAvroReader(PLATE_EVENT_AVSC, schema));
    } catch (error) {
      if (!(error instanceof AlprError) || error.retry) throw error;
      if (error.code === 'SCHEMA_UNKNOWN') this.#noteUnknown(number);
      else this.#readers.set(number, error);
    }
  }

  #noteUnknown(number: number): void {
    if (this.#unknown.size >= MAX_UNKNOWN) this.#unknown.clear();
    this.#unknown.set(number, performance.now() + UNKNOWN_MS);
  }
}

/** The number of the schema that a message in Avro was written with; undefined for any other. */
export function readSchemaNumber(bytes: Uint8Array): number | undefined {
  if (bytes[0] !== MAGIC || bytes.length < HEADER_BYTES) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
}

function viewBody(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + HEADER_BYTES, bytes.length - HEADER_BYTES);
}

function namingMisfit<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const why = messageOf(cause);
    throw new AlprError('EVENT_INVALID', `Expected a PlateEvent that fits plate-event.avsc: ${why.slice(0, 200)}`, {
      cause,
    });
  }
}
