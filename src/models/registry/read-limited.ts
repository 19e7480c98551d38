import { AlprError } from '../../base/errors.ts';

/** All bytes of a stream that has at most `most`; MODEL_UNTRUSTED for more, without reading these. */
export async function readLimited(stream: AsyncIterable<string | Uint8Array>, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > most) throw new AlprError('MODEL_UNTRUSTED', `A file of the version has more than ${most} bytes`);
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}
