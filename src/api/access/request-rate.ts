const MINUTE_MS = 60_000;
/** Whoever asks beyond this many in a minute pushes out the one whose minute began first. */
const MAX_KNOWN = 10_000;

type Minute = { asked: number; readonly endsAt: number };

/** Counts the requests of each caller within a minute that begins with the first of them. */
export class RequestRate {
  readonly #most: number;
  /** In the order in which they end. */
  readonly #minutes = new Map<string, Minute>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Counts a request; the seconds that its sender has to wait, 0 where there is no need to. */
  count(sender: string, now = performance.now()): number {
    const minute = this.#minuteOf(sender, now);
    minute.asked += 1;
    return minute.asked > this.#most ? Math.ceil((minute.endsAt - now) / 1000) : 0;
  }

  #minuteOf(sender: string, now: number): Minute {
    const known = this.#minutes.get(sender);
    if (known && known.endsAt > now) return known;
    const minute = { asked: 0, endsAt: now + MINUTE_MS };
    this.#minutes.delete(sender);
    const [oldest] = this.#minutes.keys();
    if (oldest !== undefined && this.#minutes.size >= MAX_KNOWN) this.#minutes.delete(oldest);
    this.#minutes.set(sender, minute);
    return minute;
  }
}
