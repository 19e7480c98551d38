import type { DoubtReason } from '../contract/api/review.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import { dropUmlauts } from '../contract/plate-text.ts';

/** Below this a read is not worth a person's time; most reads are, so that the index of the queue stays small. */
const LEAST = 0.02;

/**
 * What is left of the trust in a read that contradicts the numbering of its region, of a plate that was cut, or of one that a
 * challenger reads otherwise: one of the two models errs. Chosen, not measured.
 */
const CONTRADICTED = 0.7;
const INCOMPLETE = 0.5;
const DISPUTED = 0.5;

/** Shares from which on something is named as a reason. */
const UNSURE = 0.9;
const CLOSE = 0.25;

export type Doubt = Readonly<{ doubt: number; why: readonly DoubtReason[] }>;

/**
 * How much a read is in doubt: its calibrated confidence, reduced by how near the second likeliest text comes, by a text that
 * its region does not have, by a plate that the picture cuts, and by a challenger that reads it otherwise. Undefined where nobody needs to look: it is not final, a
 * person has decided, or it is hardly in doubt.
 */
export function doubtOf({ status, review, plate, processing }: PlateEvent): Doubt | undefined {
  if (status !== 'final' || review !== null) return undefined;
  const close = closenessOf(plate);
  const contradicted = plate.matches_format === false;
  const incomplete = plate.complete === false;
  const { shadow } = processing;
  const disputed = !!shadow && dropUmlauts(shadow.text) !== dropUmlauts(plate.text_normalized);
  const trust =
    plate.confidence *
    (1 - close / 2) *
    (contradicted ? CONTRADICTED : 1) *
    (incomplete ? INCOMPLETE : 1) *
    (disputed ? DISPUTED : 1);
  if (1 - trust < LEAST) return undefined;
  const reasons: readonly (readonly [DoubtReason, boolean])[] = [
    ['confidence', plate.confidence < UNSURE],
    ['alternatives', close >= CLOSE],
    ['format', contradicted],
    ['incomplete', incomplete],
    ['challenger', disputed],
  ];
  return { doubt: 1 - trust, why: reasons.flatMap(([reason, holds]) => (holds ? [reason] : [])) };
}

/** The probability of the likeliest other text as a share of the chosen one's. */
function closenessOf({ text_normalized, confidence, candidates }: PlateEvent['plate']): number {
  const others = candidates.filter(({ text }) => text !== text_normalized).map(({ p }) => p);
  const most = Math.max(0, ...others);
  return most === 0 ? 0 : Math.min(1, most / Math.max(confidence, 1e-6));
}
