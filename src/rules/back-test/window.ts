import type { Passage } from '../../store/alerts/history.ts';
import type { Past } from '../past.ts';
import type { AskedPast } from '../rule-book.ts';

/** Conditions that look back over a span only, and at nothing but passages of the same plate. */
const BACKWARD = new Set(['count', 'after', 'too_soon_after', 'not_seen_for']);

/**
 * How far back conditions look, in milliseconds, if that is all that they ask of the past and it is not longer than `most`;
 * undefined otherwise.
 */
export function findWindow(pasts: readonly AskedPast[], most: number): number | undefined {
  const ms = Math.max(0, ...pasts.map(({ past }) => past.ms));
  return ms > 0 && ms <= most && pasts.every(({ past }) => BACKWARD.has(past.kind)) ? ms : undefined;
}

/** The passages of a moving span of time, where all of them are read in their order anyway. */
export class Window {
  readonly #ms: number;
  readonly #byText = new Map<string, Passage[]>();
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Takes the next passages, and forgets those that the first of them cannot see any more. */
  move(passages: readonly Passage[]): void {
    const cutoff = (passages[0]?.at ?? 0) - this.#ms;
    if (cutoff - this.#sweptAt > this.#ms) this.#sweep(cutoff);
    for (const passage of passages) {
      if (passage.text === '') continue;
      const known = this.#byText.get(passage.text);
      if (known) known.push(passage);
      else this.#byText.set(passage.text, [passage]);
    }
  }

  /** What a passage of the last ones is judged by. */
  of(passage: Passage): Omit<Past, 'now'> {
    return { passage, others: this.#byText.get(passage.text) ?? [], countInside: () => 0 };
  }

  #sweep(cutoff: number): void {
    for (const [text, passages] of this.#byText) {
      const kept = passages.filter(({ at }) => at >= cutoff);
      if (kept.length > 0) this.#byText.set(text, kept);
      else this.#byText.delete(text);
    }
    this.#sweptAt = cutoff;
  }
}
