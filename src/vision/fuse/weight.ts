import type { FusionOptions } from '../options.ts';
import type { Legibility } from '../read/legibility.ts';
import type { Reading } from '../read/reading.ts';

/** A reading and its weight above 0. */
export type WeightedReading = Readonly<{ reading: Reading; weight: number }>;

/** How much a look promises before it is read, 0–1: sharpness, character height and detector score. */
export function rateLook(legibility: Legibility, score: number, { fullHeightPx }: FusionOptions): number {
  const size = Math.min(1, legibility.charHeightPx / fullHeightPx);
  return (0.25 + 0.75 * legibility.sharpness) * size * score;
}

/** Weight of a reading in the fusion, 0–1: what its look promised and how sure the reader was. */
export function weighReading(quality: number, confidence: number): number {
  return quality * (0.1 + 0.9 * confidence);
}
