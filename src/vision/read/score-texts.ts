import { scoreCtc } from './decode-ctc.ts';
import { scoreSlots } from './decode-slots.ts';
import { type HeadOutput, LOG_ZERO } from './head.ts';

/** A text as class indices with its weight against all others: the mixed probability, flattened or sharpened by the temperature. */
export type Scored = Readonly<{ labels: readonly number[]; score: number }>;

/** Both heads and how they are mixed; `weight` is the share of the CTC head in the geometric mean. */
export type MixedHeads = Readonly<{ slots: HeadOutput; ctc: HeadOutput; weight: number; temperature: number }>;

/**
 * Scores each text exactly by both heads, best first; `rest` is the weight of all texts not listed. A text longer than there are
 * slots is a matter of the other head alone.
 */
export function scoreTexts(
  { slots, ctc, weight, temperature }: MixedHeads,
  texts: Iterable<readonly number[]>,
): Readonly<{ scored: Scored[]; rest: number }> {
  let slotsRest = 1;
  let ctcRest = 1;
  const scored: Scored[] = [];
  for (const labels of texts) {
    const tooLong = labels.length > slots.rows;
    const inSlots = tooLong ? LOG_ZERO : scoreSlots(slots, labels);
    const inCtc = scoreCtc(ctc, labels);
    slotsRest -= Math.exp(inSlots);
    ctcRest -= Math.exp(inCtc);
    const mixed = tooLong ? inCtc : (1 - weight) * inSlots + weight * inCtc;
    scored.push({ labels, score: Math.exp(mixed / temperature) });
  }
  scored.sort((a, b) => b.score - a.score || (a.labels.join() < b.labels.join() ? -1 : 1));
  const rest = Math.max(0, slotsRest) ** (1 - weight) * Math.max(0, ctcRest) ** weight;
  return { scored, rest: rest ** (1 / temperature) };
}
