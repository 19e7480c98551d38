import { createHash } from 'node:crypto';

/** The namespace of our ids (RFC 9562, version 5): made once, at random. */
const NAMESPACE = Buffer.from('7c1f3f0e5b0e4a0c9d0b6d1f2a84e6b3', 'hex');

/** The id of the one alert of a rule and a passage or a state of the system, each named by its parts. */
export function alertIdOf(...parts: readonly string[]): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
