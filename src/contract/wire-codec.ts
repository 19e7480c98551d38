import { AlprError, messageOf } from '../base/errors.ts';
import type { AvroReader, AvroWriter } from './avro.ts';
import type { NoteIgnored } from './known-fields.ts';

/** What stands on the wire, as JSON and as a record of Avro. */
export type WireForm<T> = Readonly<{
  /** For messages of errors, such as `a PlateEvent`. */
  name: string;
  /** The Avro schema as this version writes it. */
  schema: string;
  toRecord(content: T): object;
  /** EVENT_INVALID names what does not fit. */
  fromRecord(record: unknown): T;
  encodeJson(content: T): Uint8Array;
  /** EVENT_INVALID likewise. */
  decodeJson(bytes: Uint8Array, note: NoteIgnored | undefined): T;
}>;

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

export type WireOptions = Readonly<{
  format: WireFormat;
  schemas?: SchemaBook | undefined;
  onIgnored?: NoteIgnored | undefined;
}>;

/** Contents as bytes of the wire and back. JSON and Avro are both read whichever is written. */
export class WireCodec<T> {
  readonly #form: WireForm<T>;
  readonly #format: WireFormat;
  readonly #schemas: SchemaBook | undefined;
  readonly #onIgnored: NoteIgnored | undefined;
  readonly #readers = new Map<number, AvroReader | AlprError>();
  readonly #unknown = new Map<number, number>();
  #write: AvroWriter | undefined;
  #number: number | undefined;

  /** Without a book nothing but JSON can be written or read. */
  constructor(form: WireForm<T>, options: WireOptions) {
    this.#form = form;
    this.#onIgnored = options.onIgnored;
    this.#format = options.format;
    this.#schemas = options.schemas;
  }

  /** To be awaited before `encode`: enters our schema in the book, once. */
  async prepare(): Promise<void> {
    if (this.#format === 'json' || this.#number !== undefined) return;
    if (!this.#schemas)
      throw new AlprError('CONFIG_INVALID', 'Expected a schema registry for events in Avro, got none');
    const number = await this.#schemas.numberOf(this.#form.schema);
    const { createAvroWriter } = await import('./avro.ts');
    this.#write = createAvroWriter(this.#form.schema);
    this.#number = number;
  }

  /** The bytes of a content. EVENT_INVALID where it does not fit the schema. */
  encode(content: T): Uint8Array {
    if (this.#format === 'json') return this.#form.encodeJson(content);
    if (!this.#write || this.#number === undefined) {
      throw new AlprError(
        'REGISTRY_UNAVAILABLE',
        `Expected the schema of ${this.#form.name} to be registered before one is written`,
      );
    }
    const write = this.#write;
    const bytes = this.#namingMisfit(() => write(this.#form.toRecord(content), HEADER_BYTES));
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

  /** The content in bytes. EVENT_INVALID names what does not fit, SCHEMA_UNKNOWN the number that is in no book. */
  decode(bytes: Uint8Array): T {
    const number = readSchemaNumber(bytes);
    if (number === undefined) return this.#form.decodeJson(bytes, this.#onIgnored);
    const read = this.#readers.get(number);
    if (read === undefined) throw new AlprError('SCHEMA_UNKNOWN', `Expected a registered schema, got number ${number}`);
    if (read instanceof AlprError) throw read;
    return this.#form.fromRecord(this.#namingMisfit(() => read(viewBody(bytes))));
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
      this.#readers.set(number, createAvroReader(this.#form.schema, schema));
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

  #namingMisfit<R>(work: () => R): R {
    try {
      return work();
    } catch (cause) {
      const why = messageOf(cause).slice(0, 200);
      throw new AlprError('EVENT_INVALID', `Expected ${this.#form.name} that fits its Avro schema: ${why}`, { cause });
    }
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
