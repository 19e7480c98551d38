import type { Box, Quad } from './box.ts';

export type DetectionClass = 'plate' | 'car' | 'truck' | 'bus' | 'motorcycle';

/** A plate or vehicle in a Frame, in pixels of the full picture. */
export type Detection = Readonly<{
  box: Box;
  /** Present for plates when the detector predicts corners. */
  corners?: Quad;
  class: DetectionClass;
  /** 0–1. */
  score: number;
}>;
