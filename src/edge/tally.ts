/** Events per second over the last ten seconds. */
export class FrameRate {
  readonly #times: number[] = [];

  count(now: number = performance.now()): void {
    this.#times.push(now);
    this.#trim(now);
  }

  perSecond(now: number = performance.now()): number {
    this.#trim(now);
    const first = this.#times[0];
    if (first === undefined || now - first < 500) return 0;
    return Math.round((this.#times.length / (now - first)) * 10_000) / 10;
  }

  #trim(now: number): void {
    while ((this.#times[0] ?? now) < now - 10_000) this.#times.shift();
  }
}

/** The median of the newest `size` values. */
export class Median {
  readonly #size: number;
  readonly #values: number[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  add(value: number): void {
    this.#values.push(value);
    if (this.#values.length > this.#size) this.#values.shift();
  }

  /** Null before the first value. */
  value(): number | null {
    const sorted = this.#values.toSorted((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? null;
  }
}
