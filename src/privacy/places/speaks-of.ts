import type { Traces } from '../place.ts';

/** A shorter text than this also stands in bytes by chance. */
const SURE_LENGTH = 5;

/** Whether bytes, of JSON or Avro, hold the id of an event or one of its texts; short texts only between quotation marks. */
export function speaksOf(bytes: Uint8Array, { ids, spellings }: Pick<Traces, 'ids' | 'spellings'>): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const needles = spellings.map((text) => (text.length < SURE_LENGTH ? `"${text}"` : text));
  return [...ids, ...needles].some((needle) => buffer.includes(needle));
}
