import { scoreCtc } from './decode-ctc.ts';
import { scoreSlots } from './decode-slots.ts';
import { type HeadOutput, LOG_ZERO } from './head.ts';

/** A text as class indices with its weight against all others: the mixed probability, flattened or sharpened by the temperature. */
export type Scored = Readonly<{ labels: readonly number[]; score: number }>;

/** Both heads and how they are mixed; `weight` is the share of the CTC head in the geometric mean. */
export type MixedHeads = Readonly<{ slots: HeadOutput; ctc: HeadOutput; weight: number; temperature: number }>;

/**
 * Scores texts exactly by both heads, each once. A text longer than there are slots is a matter of the other head alone. `rest` is the
 * weight of all texts that were not scored.
 */
export class TextScores {
  readonly #heads: MixedHeads;
  readonly #scores = new Map<string, Scored>();
  #slotsRest = 1;
  #ctcRest = 1;

  constructor(heads: MixedHeads) {
    this.#heads = heads;
  }

  add(labels: readonly number[]): void {
    const key = labels.join();
    if (this.#scores.has(key)) return;
    const { slots, ctc, weight, temperature } = this.#heads;
    const tooLong = labels.length > slots.rows;
    const inSlots = tooLong ? LOG_ZERO : scoreSlots(slots, labels);
    const inCtc = scoreCtc(ctc, labels);
    this.#slotsRest -= Math.exp(inSlots);
    this.#ctcRest -= Math.exp(inCtc);
    const mixed = tooLong ? inCtc : (1 - weight) * inSlots + weight * inCtc;
    this.#scores.set(key, { labels, score: Math.exp(mixed / temperature) });
  }

  /** Best first; ties by text, so that the order is always the same. */
  rank(): Scored[] {
    return [...this.#scores]
      .sort(([keyA, a], [keyB, b]) => b.score - a.score || (keyA < keyB ? -1 : 1))
      .map(([, scored]) => scored);
  }

  get rest(): number {
    const { weight, temperature } = this.#heads;
    return (Math.max(0, this.#slotsRest) ** (1 - weight) * Math.max(0, this.#ctcRest) ** weight) ** (1 / temperature);
  }
}
