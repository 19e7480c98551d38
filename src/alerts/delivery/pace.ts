/** Share of a minute's messages that may go at once after a quiet time. */
const BURST = 0.1;

/**
 * How fast a channel may go: a bucket of tokens for its rate, and a pause after failures in a row (a circuit breaker). Times are
 * milliseconds of whichever clock the caller has.
 */
export class Pace {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #breaker: Readonly<{ failures: number; pauseMs: number }>;
  #tokens: number;
  #filledAt: number;
  #failures = 0;
  #pausedUntil = 0;

  constructor(perMinute: number, breaker: Readonly<{ failures: number; pauseMs: number }>, now: number) {
    this.#perMs = perMinute / 60_000;
    this.#burst = Math.max(1, Math.floor(perMinute * BURST));
    this.#breaker = breaker;
    this.#tokens = this.#burst;
    this.#filledAt = now;
  }

  /** Whether failures in a row have stopped it: after the pause it goes one by one, until one is taken. */
  get isBroken(): boolean {
    return this.#failures >= this.#breaker.failures;
  }

  /** How many messages may be sent now, with so many on their way. */
  allows(now: number, underWay: number): number {
    if (now < this.#pausedUntil) return 0;
    this.#fill(now);
    return Math.min(Math.floor(this.#tokens), this.isBroken ? 1 - Math.min(1, underWay) : Number.POSITIVE_INFINITY);
  }

  /** How long until the next may be sent. */
  waitMs(now: number): number {
    this.#fill(now);
    return Math.max(this.#pausedUntil - now, this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) / this.#perMs));
  }

  take(count: number): void {
    this.#tokens -= count;
  }

  noteSuccess(): void {
    this.#failures = 0;
  }

  /** With `retryAfterMs` the other side said so itself, and nothing is sent until then. */
  noteFailure(now: number, retryAfterMs: number | undefined): void {
    this.#failures += 1;
    const pauseMs = Math.max(retryAfterMs ?? 0, this.isBroken ? this.#breaker.pauseMs : 0);
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
  }

  #fill(now: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + Math.max(0, now - this.#filledAt) * this.#perMs);
    this.#filledAt = now;
  }
}
