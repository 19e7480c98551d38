/** Runs work side by side, at most so much at once. What fails is thrown by the next call, after which nothing more is begun. */
export class Lanes {
  readonly #most: number;
  readonly #running = new Set<Promise<void>>();
  #failure: Readonly<{ error: unknown }> | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves once the work has begun; rejects instead where earlier work failed. */
  async begin(work: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#most) await Promise.race(this.#running);
    this.#throwFailure();
    const running: Promise<void> = work()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .then(() => {
        this.#running.delete(running);
      });
    this.#running.add(running);
  }

  /** Resolves when all work is done; rejects with the first failure, after the rest is done too. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
