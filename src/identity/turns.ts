import { AlprError } from '../base/errors.ts';

/** Whoever comes when so many wait would not be served in time, and is told to come back. */
const MOST_WAITING = 2000;

/** So long somebody waits for a turn, seconds. */
export const LONGEST_WAIT_S = 10;

/** Lets a few works go on at once; the others wait in the order in which they came, and not for ever. */
export class Turns {
  readonly #atOnce: number;
  readonly #waitMs: number;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(atOnce: number, waitMs = LONGEST_WAIT_S * 1000) {
    this.#atOnce = atOnce;
    this.#waitMs = waitMs;
  }

  /** SIGN_IN_BUSY where too many wait, or a turn does not come in time. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    await this.#wait();
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next) next();
      else this.#running -= 1;
    }
  }

  async #wait(): Promise<void> {
    if (this.#running < this.#atOnce) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.size >= MOST_WAITING) throw busy();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Whoever is done hands its place on.
    const begin = () => {
      clearTimeout(timer);
      this.#waiting.delete(begin);
      resolve();
    };
    const timer = setTimeout(() => {
      this.#waiting.delete(begin);
      reject(busy());
    }, this.#waitMs);
    this.#waiting.add(begin);
    await promise;
  }
}

function busy(): AlprError {
  return new AlprError('SIGN_IN_BUSY', `Too many people sign in at this moment; try again in ${LONGEST_WAIT_S} s`);
}
