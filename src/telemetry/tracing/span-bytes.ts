import type { Span } from './span.ts';
import type { Attributes } from './tracing.ts';

/** Room of a batch, and that which a span has at the least: a statement of the longest text takes 6 kB. */
const [CAPACITY, ROOM] = [524_288, 32_768];
/** Characters of a text that are sent. */
const LONGEST = 2048;
/** Bytes for a length that is known only afterwards; its number is padded to them. */
const [SHORT, LONG] = [2, 3];
/** Tags of protobuf that are used in several messages: the first field as text, bytes or message, and so on. */
const [FIRST, SECOND] = [0x0a, 0x12];
const SAMPLED = 0x101;
const FAILED = 2;
const KINDS: Readonly<Record<Span['kind'], number>> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const NIBBLES = Uint8Array.from({ length: 128 }, (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0);

/** From whom spans are. */
export type SpanSource = Readonly<{ resource: Attributes; version: string }>;

/**
 * Spans of one source as a `ResourceSpans` of OTLP (opentelemetry-proto 1.x). They are written as they come: a busy process keeps bytes
 * of them, and no objects that wait to be collected. A serializer that is given objects of the SDK takes four times as long.
 */
export class SpanBytes {
  readonly #bytes = Buffer.allocUnsafe(CAPACITY);
  readonly #resource: Buffer;
  readonly #scope: Buffer;
  #at = 0;
  #count = 0;

  constructor({ resource, version }: SpanSource) {
    this.#addAttributes(FIRST, resource);
    this.#resource = this.#cut();
    this.#addText(FIRST, 'ovr-alpr');
    this.#addText(SECOND, version);
    this.#scope = this.#cut();
  }

  /** Spans that are here. */
  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#at > CAPACITY - ROOM;
  }

  /** To be called while it is not full. */
  add({ traceId, id, parentId, name, kind, from, to, attributes, failure, link }: Span): void {
    const start = this.#begin(SECOND, LONG);
    this.#addId(FIRST, traceId);
    this.#addId(SECOND, id);
    if (parentId !== undefined) this.#addId(0x22, parentId);
    this.#addText(0x2a, name);
    this.#addNumber(0x30, KINDS[kind]);
    this.#addTime(0x39, from);
    this.#addTime(0x41, to);
    this.#addAttributes(0x4a, attributes);
    if (link !== undefined) {
      const linked = this.#begin(0x6a, SHORT);
      this.#addId(FIRST, link.traceId);
      this.#addId(SECOND, link.spanId);
      this.#end(linked, SHORT);
    }
    if (failure !== undefined) {
      const status = this.#begin(0x7a, SHORT);
      this.#addText(SECOND, failure);
      this.#addNumber(0x18, FAILED);
      this.#end(status, SHORT);
    }
    this.#bytes[this.#at++] = 0x85;
    this.#bytes[this.#at++] = 0x01;
    this.#at = this.#bytes.writeUInt32LE(SAMPLED, this.#at);
    this.#end(start, LONG);
    this.#count += 1;
  }

  /** What is here, as a field of an `ExportTraceServiceRequest`; afterwards it is empty. */
  take(): Buffer {
    const spans = this.#cut();
    this.#count = 0;
    const scope = [FIRST, ...toVarint(this.#scope.length)];
    const scoped = [SECOND, ...toVarint(scope.length + this.#scope.length + spans.length)];
    const resource = [FIRST, ...toVarint(this.#resource.length)];
    const length = resource.length + this.#resource.length + scoped.length + scope.length + this.#scope.length;
    return Buffer.concat([
      Uint8Array.from([FIRST, ...toVarint(length + spans.length), ...resource]),
      this.#resource,
      Uint8Array.from([...scoped, ...scope]),
      this.#scope,
      spans,
    ]);
  }

  #cut(): Buffer {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    return bytes;
  }

  #addAttributes(tag: number, attributes: Attributes): void {
    for (const key in attributes) {
      const value = attributes[key];
      if (value === undefined) continue;
      const pair = this.#begin(tag, SHORT);
      this.#addText(FIRST, key);
      const any = this.#begin(SECOND, SHORT);
      if (typeof value === 'string') this.#addText(FIRST, value);
      else if (typeof value === 'boolean') this.#addNumber(0x10, Number(value));
      else if (value >= 0 && Number.isSafeInteger(value)) this.#addNumber(0x18, value);
      else {
        this.#bytes[this.#at++] = 0x21;
        this.#at = this.#bytes.writeDoubleLE(value, this.#at);
      }
      this.#end(any, SHORT);
      this.#end(pair, SHORT);
    }
  }

  #addId(tag: number, hex: string): void {
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = tag;
    bytes[at++] = hex.length >> 1;
    for (let digit = 0; digit < hex.length; digit += 2) {
      bytes[at++] = ((NIBBLES[hex.charCodeAt(digit)] ?? 0) << 4) | (NIBBLES[hex.charCodeAt(digit + 1)] ?? 0);
    }
    this.#at = at;
  }

  #addText(tag: number, text: string): void {
    const start = this.#begin(tag, SHORT);
    const bytes = this.#bytes;
    const length = Math.min(text.length, LONGEST);
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) {
        this.#at = start + bytes.write(text.slice(0, LONGEST), start);
        break;
      }
      bytes[this.#at++] = code;
    }
    this.#end(start, SHORT);
  }

  #addNumber(tag: number, value: number): void {
    this.#bytes[this.#at++] = tag;
    let left = value;
    for (; left > 0x7f; left = Math.floor(left / 0x80)) this.#bytes[this.#at++] = (left % 0x80) | 0x80;
    this.#bytes[this.#at++] = left;
  }

  /** Nanoseconds of milliseconds, which have more digits than a number: by halves of 32 bits. */
  #addTime(tag: number, ms: number): void {
    const micros = Math.round(ms * 1000);
    const low = (micros % 0x1_0000_0000) * 1000;
    const high = Math.floor(micros / 0x1_0000_0000) * 1000 + Math.floor(low / 0x1_0000_0000);
    this.#bytes[this.#at++] = tag;
    this.#at = this.#bytes.writeUInt32LE(low % 0x1_0000_0000, this.#at);
    this.#at = this.#bytes.writeUInt32LE(high, this.#at);
  }

  /** Begins what has a length in front; `end` is told where it began. */
  #begin(tag: number, size: number): number {
    this.#bytes[this.#at] = tag;
    this.#at += 1 + size;
    return this.#at;
  }

  #end(start: number, size: number): void {
    const length = this.#at - start;
    for (let index = 0; index < size; index += 1) {
      const more = index < size - 1 ? 0x80 : 0;
      this.#bytes[start - size + index] = ((length >> (7 * index)) & 0x7f) | more;
    }
  }
}

function toVarint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...toVarint(value >>> 7)];
}
