import type { RgbImage } from '../vision/image.ts';

/** A larger buffer is not kept: it would be held for one picture out of many. */
const MOST_BYTES = 64_000_000;

/**
 * Memory of decoded pictures that is used again. A fresh buffer for each picture is megabytes that the system clears, and drives the
 * collector of garbage through the whole heap every few pictures.
 */
export class PictureMemory {
  #spare: Buffer | undefined;
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /** At least so many bytes, with anything in them. They stay the taker's unless they are given back. */
  take(bytes: number): Buffer {
    const spare = this.#spare;
    const memory = spare !== undefined && spare.length >= bytes ? spare : Buffer.allocUnsafeSlow(bytes);
    if (memory === spare) this.#spare = undefined;
    this.#lent.add(memory.buffer);
    return memory;
  }

  /** Nobody looks at the picture any more. One that lies in other memory is left alone. */
  giveBack({ data: { buffer } }: Pick<RgbImage, 'data'>): void {
    if (!this.#lent.delete(buffer)) return;
    const isLarger = buffer.byteLength > (this.#spare?.length ?? 0);
    if (isLarger && buffer.byteLength <= MOST_BYTES) this.#spare = Buffer.from(buffer as ArrayBuffer);
  }
}
