import type { Box, Quad } from '../box.ts';
import { measureQuad } from '../geometry.ts';
import type { Image } from '../image.ts';
import type { Reading, TextCandidate } from './reading.ts';

/** A plate this near to the edge of the picture, in shares of its height, is cut by it. */
const EDGE = 0.1;

/** Share of the confidence that is left to what was read of a plate that the picture cuts. A choice: `node tools/evaluate/cut-plates.ts` shows what is right of it. */
export const CUT_TRUST = 0.3;

/**
 * Whether a plate lies within the picture. One that touches the edge is cut by it, unless it touches the opposite edge too: then the
 * picture itself was cut close around the plate.
 */
export function isWhole({ width, height }: Pick<Image, 'width' | 'height'>, box: Box, corners: Quad): boolean {
  const near = Math.max(1, EDGE * measureQuad(corners).height);
  const [left, right] = [box.x0 <= near, box.x1 >= width - near];
  const [top, bottom] = [box.y0 <= near, box.y1 >= height - near];
  return left === right && top === bottom;
}

/** A reading of a plate that the picture cuts: the texts stay, are trusted little, and marked. */
export function doubtCut(reading: Reading): Reading {
  const { evidence } = reading;
  const doubted = { ...reading, ...doubt(reading), stated: reading.stated ?? reading.confidence, complete: false };
  return evidence ? { ...doubted, evidence: { ...evidence, ...doubt(evidence) } } : doubted;
}

function doubt({ confidence, candidates }: Pick<Reading, 'confidence' | 'candidates'>): Readonly<{
  confidence: number;
  candidates: readonly TextCandidate[];
}> {
  return {
    confidence: CUT_TRUST * confidence,
    candidates: candidates.map(({ text, p }) => ({ text, p: CUT_TRUST * p })),
  };
}
