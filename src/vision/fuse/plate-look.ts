import type { Box, Quad } from '../box.ts';
import type { Detection } from '../detection.ts';
import type { Frame } from '../frame.ts';
import type { Legibility } from '../read/legibility.ts';
import type { Reading } from '../read/reading.ts';
import type { BestLook, SightingModels } from './sighting.ts';

/** One look at a plate of a passage, before or after it was read. */
export type PlateLook = Readonly<{
  frame: Frame;
  box: Box;
  corners: Quad;
  /** The vehicle around the plate. */
  vehicle?: Detection | undefined;
  detectionScore: number;
  legibility: Legibility;
  /** Whether the plate lies within the picture, which does not cut it. */
  isWhole: boolean;
  /** What the look promises, 0–1 (see `weight.ts`). */
  quality: number;
  /** The networks that look, where they have names. */
  models?: SightingModels | undefined;
}>;

/** A look with what it said. */
export function toBestLook(
  { frame, box, corners, vehicle, detectionScore, legibility, models }: PlateLook,
  { text, confidence }: Pick<Reading, 'text' | 'confidence'>,
): BestLook {
  const { sequence, capturedAt, image } = frame;
  const place = { ...(vehicle && { vehicleBox: vehicle.box }), ...(models && { models }) };
  return { sequence, capturedAt, image, box, corners, ...place, text, confidence, detectionScore, ...legibility };
}

/** The better of two looks that said nothing, by what they promised. */
export function chooseGlimpse(one: PlateLook | undefined, other: PlateLook | undefined): PlateLook | undefined {
  return one && other && one.quality >= other.quality ? one : (other ?? one);
}
