import type { Readable } from 'node:stream';

/**
 * Cuts a stream of bytes into pictures of `bytes` each, every one in its own buffer, and passes them to `onPicture`.
 */
export function readPictures(stream: Readable, bytes: number, onPicture: (data: Uint8Array) => void): void {
  let picture = allocate(bytes);
  let filled = 0;
  stream.on('data', (chunk: Buffer) => {
    for (let from = 0; from < chunk.length; ) {
      const count = Math.min(bytes - filled, chunk.length - from);
      picture.set(chunk.subarray(from, from + count), filled);
      filled += count;
      from += count;
      if (filled < bytes) continue;
      onPicture(picture);
      picture = allocate(bytes);
      filled = 0;
    }
  });
}

/** Not zeroed, because every byte is written; not from Node's pool, so that the buffer can be transferred. */
function allocate(bytes: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);
}
