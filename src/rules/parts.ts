/**
 * Things found by a part of a text: its beginning, its end, or anywhere. As a plate has at most 24 characters, each part of it
 * is looked up, of those lengths that anything has; this costs the same however many things there are.
 */
export class Parts<T> {
  readonly #where: 'begin' | 'end' | 'anywhere';
  readonly #things = new Map<string, T[]>();
  #lengths: readonly number[] = [];

  constructor(where: 'begin' | 'end' | 'anywhere') {
    this.#where = where;
  }

  add(part: string, thing: T): void {
    const known = this.#things.get(part);
    if (known) known.push(thing);
    else this.#things.set(part, [thing]);
    if (!this.#lengths.includes(part.length)) this.#lengths = [...this.#lengths, part.length].sort((a, b) => a - b);
  }

  /** Tells of each thing whose part the text has; of one that it has twice, once. */
  find(text: string, tell: (thing: T) => void): void {
    for (const length of this.#lengths) {
      const last = text.length - length;
      if (last < 0) return;
      const [from, to] = this.#where === 'begin' ? [0, 0] : this.#where === 'end' ? [last, last] : [0, last];
      for (let at = from; at <= to; at += 1) {
        const things = this.#things.get(text.slice(at, at + length));
        // The same part further on would tell of the same things again.
        if (!things || (at > from && text.slice(from, at + length - 1).includes(text.slice(at, at + length)))) continue;
        for (const thing of things) tell(thing);
      }
    }
  }
}
