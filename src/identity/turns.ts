import { AlprError } from '../base/errors.ts';

/** Whoever comes when this many wait would wait for minutes, and is told to come back. */
const MOST_WAITING = 2000;

/** Lets a few works go on at once; the others wait in the order in which they came. */
export class Turns {
  readonly #atOnce: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** TOO_MANY_REQUESTS where too many wait. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    await this.#wait();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  async #wait(): Promise<void> {
    if (this.#running < this.#atOnce) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= MOST_WAITING) {
      throw new AlprError('TOO_MANY_REQUESTS', 'Too many people sign in at this moment; try again in a minute');
    }
    // Whoever is done hands its place on.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
