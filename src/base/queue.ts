/**
 * A bounded queue for one consumer in which the newest item wins: when it is full the oldest waiting item is dropped
 * and handed to `onDrop`, so that a slow consumer works on the present, not on the past.
 */
export class LatestQueue<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  readonly #onDrop: (item: T) => void;
  readonly #items: T[] = [];
  #wake = Promise.withResolvers<void>();
  #ended = false;

  constructor(capacity: number, onDrop: (item: T) => void) {
    this.#capacity = capacity;
    this.#onDrop = onDrop;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    if (this.#ended) {
      this.#onDrop(item);
      return;
    }
    this.#items.push(item);
    const surplus = Math.max(0, this.#items.length - this.#capacity);
    for (const dropped of this.#items.splice(0, surplus)) this.#onDrop(dropped);
    this.#wake.resolve();
  }

  /** No more items will come; the consumer still gets those that wait. */
  end(): void {
    this.#ended = true;
    this.#wake.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    while (true) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#ended) return;
      else {
        this.#wake = Promise.withResolvers<void>();
        await this.#wake.promise;
      }
    }
  }
}
