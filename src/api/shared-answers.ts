/** An answer is fresh for this many times as long as finding it took, and is still given as long again while the next is found. */
const FRESH_TIMES = 10;
const MOST_FRESH_MS = 5 * 60_000;

/** Questions whose cost is remembered. */
const MOST_COSTS = 10_000;

type Kept<Answer> = { readonly answer: Promise<Answer>; freshUntil: number };

/**
 * Answers that cost more the more there is to count, and that many ask for at once. Whoever asks the same question while it is
 * being answered, or soon after, shares the answer: however many ask, about a tenth of one connection's time goes into it, and
 * nobody waits who asks often. An answer that is cheap is hardly older than its question, also after the database stood still
 * once. A failure is told to those who wait for it and is not kept.
 */
export class SharedAnswers<Answer> {
  readonly #kept = new Map<string, Kept<Answer>>();
  /** How long each answer took last, milliseconds. */
  readonly #costs = new Map<string, number>();

  share(question: string, find: () => Promise<Answer>): Promise<Answer> {
    const known = this.#kept.get(question);
    if (known === undefined) return this.#find(question, find);
    if (performance.now() > known.freshUntil) {
      known.freshUntil = Number.POSITIVE_INFINITY;
      void this.#find(question, find).catch(() => undefined);
    }
    return known.answer;
  }

  #find(question: string, find: () => Promise<Answer>): Promise<Answer> {
    const began = performance.now();
    const answer = find();
    const kept = { answer, freshUntil: Number.POSITIVE_INFINITY };
    const forget = () => {
      if (this.#kept.get(question) === kept) this.#kept.delete(question);
    };
    if (!this.#kept.has(question)) this.#kept.set(question, kept);
    answer.then(() => {
      const freshMs = Math.min(MOST_FRESH_MS, FRESH_TIMES * this.#learnCost(question, performance.now() - began));
      kept.freshUntil = performance.now() + freshMs;
      this.#kept.set(question, kept);
      setTimeout(forget, 2 * freshMs).unref();
    }, forget);
    return answer;
  }

  /** The less of the last two times: what is slow once has waited, what is slow twice costs as much. */
  #learnCost(question: string, tookMs: number): number {
    const before = this.#costs.get(question) ?? tookMs;
    if (this.#costs.size >= MOST_COSTS) this.#costs.clear();
    this.#costs.set(question, tookMs);
    return Math.min(before, tookMs);
  }
}
