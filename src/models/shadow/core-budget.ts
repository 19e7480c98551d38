/** What may be saved up while nothing is to be done, milliseconds: a few vehicles in a row are all read. */
const SAVED_MS = 10_000;

/** A share of the cores as a bucket that time fills and work empties. Work that has begun may take more than is in it. */
export class CoreBudget {
  readonly #cores: number;
  readonly #now: () => number;
  #left: number;
  #filledAt: number;

  constructor(cores: number, now: () => number = () => performance.now()) {
    this.#cores = cores;
    this.#now = now;
    this.#left = SAVED_MS * cores;
    this.#filledAt = now();
  }

  /** Milliseconds until work may begin; 0 where it may now. */
  get waitMs(): number {
    this.#fill();
    return this.#left > 0 ? 0 : Math.max(1, -this.#left / this.#cores);
  }

  spend(ms: number): void {
    this.#fill();
    this.#left -= ms;
  }

  #fill(): void {
    const now = this.#now();
    this.#left = Math.min(SAVED_MS * this.#cores, this.#left + (now - this.#filledAt) * this.#cores);
    this.#filledAt = now;
  }
}
