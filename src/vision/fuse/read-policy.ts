import type { PassageOptions } from '../options/passage.ts';
import type { Passage } from './passage.ts';
import type { PlateLook } from './plate-look.ts';
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

/** Reads without a usable text after which a plate is only tried now and then: a sign, a lamp, a plate too dirty. */
const HOPELESS = 6;

/** Whether one more reading of this quality may change anything. */
function isWorthReading(passage: Passage, quality: number, time: number, options: PassageOptions): boolean {
  const { attempts, isStanding } = passage;
  if (attempts < options.minReads || passage.isDoubtful) return true;
  const waited = time - passage.lastReadTime;
  const better = quality > passage.bestQuality * BETTER;
  const tired = isSettled(passage, options) || (passage.framesRead === 0 && attempts >= HOPELESS);
  if (isStanding && (tired || attempts >= options.maxReads)) return waited >= options.stationaryReadMs;
  if (attempts >= options.maxReads) return better;
  // Looks in quick succession err together: now and then another one is worth its time.
  return !tired || better || waited >= options.recheckMs;
}

/** Whether the text is sure, agreed on, and a picture of it is held. */
function isSettled(passage: Passage, { stopConfidence, minReads }: PassageOptions): boolean {
  return (passage.fused?.confidence ?? 0) >= stopConfidence && passage.agreeing >= minReads && passage.bestMatches;
}
