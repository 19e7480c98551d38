import type { PassageOptions } from '../options.ts';
import type { Passage, PlateLook } from './passage.ts';
import type { RejectReason } from './sighting.ts';

/** A look must promise this much more than the best one to be read once a text is settled. */
const BETTER = 1.15;

/** Why a look is not read although it could be: undefined means read it. `quality` is what the look promises, 0–1. */
export function findRejection(
  passage: Passage,
  look: Pick<PlateLook, 'frame' | 'legibility' | 'quality' | 'detectionScore'>,
  options: PassageOptions,
): RejectReason | undefined {
  if (look.detectionScore < options.minScore) return 'low_score';
  if (look.legibility.charHeightPx < options.minCharHeightPx) return 'too_small';
  if (look.legibility.sharpness < options.minSharpness) return 'blur';
  return isWorthReading(passage, look.quality, look.frame.mediaTime, options) ? undefined : 'throttled';
}

/** Whether one more reading of this quality may change anything. */
export function isWorthReading(passage: Passage, quality: number, time: number, options: PassageOptions): boolean {
  const read = passage.framesRead;
  if (read < options.minReads) return true;
  const better = quality > passage.bestWeight * BETTER;
  if (isSettled(passage, options)) {
    if (passage.isStanding) return time - passage.lastReadTime >= options.stationaryReadMs;
    return better && read < options.maxReads;
  }
  if (passage.isStanding && read >= options.maxReads) return time - passage.lastReadTime >= options.stationaryReadMs;
  return read < options.maxReads || better;
}

/** Whether the text is sure, agreed on, and a picture of it is held. */
export function isSettled(passage: Passage, { stopConfidence, minReads }: PassageOptions): boolean {
  return (passage.fused?.confidence ?? 0) >= stopConfidence && passage.agreeing >= minReads && passage.bestMatches;
}
