import type { FusionOptions } from '../options/fusion.ts';
import type { PassageOptions } from '../options/passage.ts';
import type { Legibility } from '../read/legibility.ts';
import { isLettering } from '../read/lettering.ts';
import type { Reading } from '../read/reading.ts';
import type { RejectReason } from './sighting.ts';
import type { Voice } from './voice.ts';

/** A reading and its weight above 0; `isCut` where a part of the plate is not in sight. */
export type WeightedReading = Readonly<{
  reading: Reading;
  weight: number;
  isCut?: boolean;
  voice?: Voice | undefined;
}>;

/** What a part of a plate says counts little. */
const CUT = 0.1;

/** A look at a plate of which, as its reading says, a part is not in sight. */
export function cutLook<Look extends Readonly<{ isWhole: boolean; quality: number }>>(look: Look): Look {
  return { ...look, isWhole: false, quality: CUT * look.quality };
}

/** How much a look promises before it is read, 0–1: sharpness, character height, detector score, and whether it is whole. */
export function rateLook(
  look: Readonly<{ legibility: Legibility; detectionScore: number; isWhole: boolean }>,
  { fullHeightPx }: FusionOptions,
): number {
  const { legibility, detectionScore, isWhole } = look;
  const size = Math.min(1, legibility.charHeightPx / fullHeightPx);
  return (0.25 + 0.75 * legibility.sharpness) * size * detectionScore * (isWhole ? 1 : CUT);
}

/**
 * Weight of a reading in the fusion, 0–1: what its look promised and how sure the reader was. Where the network judges legibility,
 * that takes the place of the promise by the share `readableShare` (geometric mean).
 */
export function weighReading(
  quality: number,
  { confidence, readable }: Pick<Reading, 'confidence' | 'readable'>,
  { readableShare }: Pick<FusionOptions, 'readableShare'>,
): number {
  const promise = readable === undefined ? quality : quality ** (1 - readableShare) * readable ** readableShare;
  return promise * (0.1 + 0.9 * confidence);
}

/** Why a reading takes no part in the fusion, if it does not. */
export function findFault(reading: Reading, options: PassageOptions): RejectReason | undefined {
  if (reading.text === '') return 'empty';
  const isDoubtful = (reading.stated ?? reading.confidence) < options.minReadConfidence;
  return isDoubtful || isLettering(reading, options.minReadable) ? 'low_score' : undefined;
}
