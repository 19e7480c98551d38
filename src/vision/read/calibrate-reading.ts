import { applyCurve, type ConfidenceCurve } from './confidence-curve.ts';
import type { Reading, TextCandidate } from './reading.ts';

/** A reading with its confidence on the curve; the texts and their order stay, and what was stated before. */
export function calibrateReading(reading: Reading, curve: ConfidenceCurve): Reading {
  const confidence = applyCurve(curve, reading.confidence, reading.readable);
  return { ...reading, confidence, stated: reading.confidence, candidates: shareRest(reading.candidates, confidence) };
}

/** Candidates of which the first has a new probability: the others share what it leaves as they did before, none above it. */
function shareRest(candidates: readonly TextCandidate[], confidence: number): TextCandidate[] {
  const before = 1 - (candidates[0]?.p ?? 0);
  const factor = before > 0 ? (1 - confidence) / before : 0;
  return candidates.map(({ text, p }, index) => ({
    text,
    p: index === 0 ? confidence : Math.min(confidence, p * factor),
  }));
}
