/**
 * What turns a stated probability p into the share q of such statements that is right: `logit q = a·ln p − b·ln(1 − p) + c` (beta
 * calibration, Kull, Silva Filho and Flach 2017), and where the network judges legibility `+ readable · logit legibility`.
 */
export type ConfidenceCurve = Readonly<{ a: number; b: number; c: number; readable?: number | undefined }>;

/** The curve that changes nothing. */
export const PLAIN_CURVE: ConfidenceCurve = { a: 1, b: 1, c: 0 };

/** Probabilities are taken as at least this far from 0 and 1: beyond it the digits of the network mean nothing. */
const LEAST = 1e-5;

/** What a curve weighs of one statement: ln p, −ln(1 − p), 1, and the logit of the legibility (0 where there is none). */
export function listTerms(p: number, readable?: number): readonly [number, number, number, number] {
  const inside = keepInside(p);
  const judged = readable === undefined ? 0.5 : keepInside(readable);
  return [Math.log(inside), -Math.log(1 - inside), 1, Math.log(judged / (1 - judged))];
}

/** The calibrated probability (0–1) of one that was stated; `readable` is the legibility (0–1) the network gave, if it did. */
export function applyCurve({ a, b, c, readable: weight = 0 }: ConfidenceCurve, p: number, readable?: number): number {
  if (a === 1 && b === 1 && c === 0 && weight === 0) return p;
  const [low, high, one, judged] = listTerms(p, readable);
  return 1 / (1 + Math.exp(-(a * low + b * high + c * one + weight * judged)));
}

function keepInside(p: number): number {
  return Math.min(1 - LEAST, Math.max(LEAST, p));
}
