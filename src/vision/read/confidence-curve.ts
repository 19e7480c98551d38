/**
 * What turns a stated probability into the share of such statements that is right: `logit q = slope · logit p + bias`, and where the
 * network judges legibility `+ readable · logit readable` (Platt 1999 over the reader's own probability).
 */
export type ConfidenceCurve = Readonly<{ slope: number; bias: number; readable?: number | undefined }>;

/** The curve that changes nothing. */
export const PLAIN_CURVE: ConfidenceCurve = { slope: 1, bias: 0 };

/** Probabilities are taken as at least this far from 0 and 1: beyond it the digits of the network mean nothing. */
const LEAST = 1e-5;

/** The logarithm of the odds of a probability, within ±11.5. */
export function toLogit(p: number): number {
  const inside = Math.min(1 - LEAST, Math.max(LEAST, p));
  return Math.log(inside / (1 - inside));
}

/** The calibrated probability (0–1) of one that was stated; `readable` is the legibility (0–1) the network gave, if it did. */
export function applyCurve(
  { slope, bias, readable: weight = 0 }: ConfidenceCurve,
  p: number,
  readable?: number,
): number {
  if (slope === 1 && bias === 0 && weight === 0) return p;
  const logit = slope * toLogit(p) + bias + (readable === undefined ? 0 : weight * toLogit(readable));
  return 1 / (1 + Math.exp(-logit));
}
