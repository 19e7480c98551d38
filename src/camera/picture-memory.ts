import type { RgbImage } from '../vision/image.ts';

/** A larger buffer is not kept: it would be held for one picture out of many. */
const MOST_BYTES = 64_000_000;

/**
 * Memory for decoded pictures that is reused. A new buffer for each picture is megabytes that the system must clear, and makes the
 * garbage collector go through the whole heap every few pictures.
 */
export class PictureMemory {
  #spare: Buffer | undefined;
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /** At least this many bytes, with arbitrary content. They belong to the caller until they are given back. */
  take(bytes: number): Buffer {
    const spare = this.#spare;
    const memory = spare !== undefined && spare.length >= bytes ? spare : Buffer.allocUnsafeSlow(bytes);
    if (memory === spare) this.#spare = undefined;
    this.#lent.add(memory.buffer);
    return memory;
  }

  /** Takes back the memory of a picture that nobody uses any more. A picture in other memory is ignored. */
  giveBack({ data: { buffer } }: Pick<RgbImage, 'data'>): void {
    if (!this.#lent.delete(buffer)) return;
    const isLarger = buffer.byteLength > (this.#spare?.length ?? 0);
    if (isLarger && buffer.byteLength <= MOST_BYTES) this.#spare = Buffer.from(buffer as ArrayBuffer);
  }
}
