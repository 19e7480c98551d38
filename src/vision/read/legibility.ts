import type { Quad } from '../box.ts';
import { measureQuad } from '../geometry.ts';
import type { RgbImage } from '../image.ts';

/** How well a plate can be read, before it is read. */
export type Legibility = Readonly<{
  /** 0 (mush) to 1 (crisp): variance of the Laplacian against the contrast of the rectified plate. */
  sharpness: number;
  /** Height of a character in pixels of the full picture: plate height over lines, times 0.7. */
  charHeightPx: number;
}>;

/** Ratio of Laplacian variance to luma variance that counts as half sharp. */
const HALF_SHARP = 0.15;
/** Luma variance of noise: keeps an even grey from counting as sharp. */
const NOISE = 60;

/**
 * Sharpness of a rectified plate (Pech-Pacheco et al. 2000, variance of the Laplacian), divided by its contrast so that
 * day and night compare.
 */
export function measureSharpness({ data, width, height }: RgbImage): number {
  const luma = new Float32Array(width * height);
  let mean = 0;
  for (let i = 0, at = 0; i < luma.length; i += 1, at += 3) {
    luma[i] = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    mean += luma[i] / luma.length;
  }
  let contrast = 0;
  let edges = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const laplacian = luma[at - 1] + luma[at + 1] + luma[at - width] + luma[at + width] - 4 * luma[at];
      edges += laplacian * laplacian;
      contrast += (luma[at] - mean) * (luma[at] - mean);
    }
  }
  const pixels = Math.max(1, (width - 2) * (height - 2));
  const ratio = edges / pixels / (contrast / pixels + NOISE);
  return ratio / (ratio + HALF_SHARP);
}

/** Height of a character for a plate with these corners and lines, pixels. */
export function measureCharHeight(corners: Quad, lines: number): number {
  return (measureQuad(corners).height / Math.max(1, lines)) * 0.7;
}

/** Two lines are likely when a plate is less than this many times as wide as high. */
const TWO_LINE_ASPECT = 2.2;

/** Lines guessed from the shape alone, for plates that have not been read yet. */
export function guessLines(corners: Quad): 1 | 2 {
  const { width, height } = measureQuad(corners);
  return width < height * TWO_LINE_ASPECT ? 2 : 1;
}

/** Both measures of one look; `lines` as the reader said, or guessed from the shape. */
export function measureLegibility(plate: RgbImage, corners: Quad, lines: number = guessLines(corners)): Legibility {
  return { sharpness: measureSharpness(plate), charHeightPx: measureCharHeight(corners, lines) };
}
