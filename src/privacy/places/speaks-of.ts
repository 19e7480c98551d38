import type { Traces } from '../place.ts';

/** Whether bytes, of JSON or Avro, hold the id of an event or one of its texts, as a whole value. */
export function speaksOf(bytes: Uint8Array, { ids, spellings }: Pick<Traces, 'ids' | 'spellings'>): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // Avro writes twice the length in front of a text.
  const asAvro = (text: string) => Buffer.concat([Buffer.of(2 * Buffer.byteLength(text)), Buffer.from(text)]);
  return [...ids, ...spellings.flatMap((text) => [JSON.stringify(text), asAvro(text)])].some((one) =>
    buffer.includes(one),
  );
}
