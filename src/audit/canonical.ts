import { createHash } from 'node:crypto';

/**
 * JSON with its keys in order, as RFC 8785 has it, so that anybody can compute the hash of an entry again. What PostgreSQL
 * would refuse in a text (U+0000, half a surrogate pair) becomes U+FFFD.
 */
export function canonicalize(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed().replaceAll('\u0000', '\ufffd'));
  if (Array.isArray(value)) return `[${value.map(canonicalize).join(',')}]`;
  if (typeof value !== 'object' || value === null || value instanceof Date) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  // By UTF-16 code units, which is how `<` compares texts.
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${canonicalize(name)}:${canonicalize(field)}`).join(',')}}`;
}

/** SHA-256 of a canonical text, in hex. */
export function hashText(canonical: string): string {
  return createHash('sha256').update(canonical).digest('hex');
}
