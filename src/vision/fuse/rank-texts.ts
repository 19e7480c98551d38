import type { CharDistribution, TextCandidate } from '../read/reading.ts';
import type { WeightedReading } from './weight.ts';

type RankJob = Readonly<{
  text: string;
  confidence: number;
  fused: readonly CharDistribution[];
  looks: readonly WeightedReading[];
  most: number;
}>;

/**
 * Whole-text candidates: the fused text leads with its confidence; the rest of the probability is shared by the next most
 * probable combinations of characters and by what single looks read.
 */
export function rankTexts({ text, confidence, fused, looks, most }: RankJob): TextCandidate[] {
  const scores = combineColumns(fused, 2 * most);
  const total = looks.reduce((sum, { weight }) => sum + weight, 0);
  for (const { reading, weight } of looks) {
    const share = (weight / total) * reading.confidence;
    scores.set(reading.text, Math.max(scores.get(reading.text) ?? 0, share));
  }
  scores.delete(text);
  scores.delete('');
  const others = [...scores].sort(([a, p], [b, q]) => q - p || (a < b ? -1 : 1)).slice(0, most - 1);
  const sum = others.reduce((all, [, p]) => all + p, 0);
  const left = Math.min(1 - confidence, sum);
  // No alternative may look more probable than the text itself.
  const rank = ([other, p]: [string, number]) => ({ text: other, p: Math.min(confidence, (left * p) / sum) });
  return [{ text, p: confidence }, ...others.map(rank)];
}

/** Products of characters over all positions, the most probable `width` of them. */
function combineColumns(fused: readonly CharDistribution[], width: number): Map<string, number> {
  let beam = new Map<string, number>([['', 1]]);
  for (const column of fused) {
    const next = new Map<string, number>();
    for (const [prefix, p] of beam) {
      for (const { char, p: step } of column) {
        if (step >= 0.002) next.set(prefix + char, (next.get(prefix + char) ?? 0) + p * step);
      }
    }
    beam = new Map([...next].sort(([a, p], [b, q]) => q - p || (a < b ? -1 : 1)).slice(0, width));
  }
  return beam;
}
