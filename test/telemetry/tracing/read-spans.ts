/** A span as it arrived, decoded by the field numbers of opentelemetry/proto/trace/v1/trace.proto. */
export type SeenSpan = Readonly<{
  service: string;
  traceId: string;
  id: string;
  parentId: string;
  name: string;
  kind: number;
  /** Milliseconds since the epoch. */
  from: number;
  to: number;
  attributes: Readonly<Record<string, unknown>>;
  /** 2 is an error. */
  status: number;
  links: readonly string[];
}>;

type Field = Readonly<{ number: number; value: bigint | Buffer }>;

/** The spans of an ExportTraceServiceRequest. */
export function readSpans(request: Buffer): readonly SeenSpan[] {
  return messagesOf(request, 1).flatMap((resourceSpans) => {
    const [resource = Buffer.alloc(0)] = messagesOf(resourceSpans, 1);
    const service = String(readAttributes(messagesOf(resource, 1))['service.name']);
    return messagesOf(resourceSpans, 2)
      .flatMap((scopeSpans) => messagesOf(scopeSpans, 2))
      .map((span) => readSpan(span, service));
  });
}

function readSpan(bytes: Buffer, service: string): SeenSpan {
  const fields = readFields(bytes);
  const hex = (number: number) => bytesOf(fields, number).toString('hex');
  const [status = Buffer.alloc(0)] = messagesOf(bytes, 15);
  return {
    service,
    traceId: hex(1),
    id: hex(2),
    parentId: hex(4),
    name: bytesOf(fields, 5).toString(),
    kind: Number(numberOf(fields, 6)),
    from: Number(numberOf(fields, 7)) / 1e6,
    to: Number(numberOf(fields, 8)) / 1e6,
    attributes: readAttributes(messagesOf(bytes, 9)),
    status: Number(numberOf(readFields(status), 3)),
    links: messagesOf(bytes, 13).map((link) => bytesOf(readFields(link), 1).toString('hex')),
  };
}

function readAttributes(keyValues: readonly Buffer[]): Record<string, unknown> {
  return Object.fromEntries(
    keyValues.map((one) => {
      const [value = Buffer.alloc(0)] = messagesOf(one, 2);
      const [field] = readFields(value);
      return [bytesOf(readFields(one), 1).toString(), field && readValue(field)];
    }),
  );
}

/** AnyValue: 1 string, 2 bool, 3 int, 4 double. */
function readValue({ number, value }: Field): unknown {
  if (typeof value !== 'bigint') return value.toString();
  if (number === 2) return value === 1n;
  if (number !== 4) return Number(value);
  const bits = Buffer.alloc(8);
  bits.writeBigUInt64LE(value);
  return bits.readDoubleLE();
}

function messagesOf(bytes: Buffer, number: number): readonly Buffer[] {
  return readFields(bytes).flatMap((field) =>
    field.number === number && field.value instanceof Buffer ? [field.value] : [],
  );
}

function bytesOf(fields: readonly Field[], number: number): Buffer {
  const value = fields.find((field) => field.number === number)?.value;
  return value instanceof Buffer ? value : Buffer.alloc(0);
}

function numberOf(fields: readonly Field[], number: number): bigint {
  const value = fields.find((field) => field.number === number)?.value;
  return typeof value === 'bigint' ? value : 0n;
}

/** Protocol Buffers' wire format: tag, then a varint (0), eight bytes (1), bytes with their length (2) or four bytes (5). */
function readFields(bytes: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const readVarint = () => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] ?? 0;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(readVarint());
    const number = tag >> 3;
    if (tag % 8 === 0) fields.push({ number, value: readVarint() });
    else if (tag % 8 === 1) fields.push({ number, value: take(8).readBigUInt64LE() });
    else if (tag % 8 === 2) fields.push({ number, value: take(Number(readVarint())) });
    else if (tag % 8 === 5) fields.push({ number, value: BigInt(take(4).readUInt32LE()) });
    else throw new TypeError(`wire type ${tag % 8} at ${at}`);
  }
  return fields;
}
