import type { Box, Quad } from '../box.ts';
import { measureQuad } from '../geometry.ts';
import type { Image } from '../image.ts';
import type { Reading, TextCandidate } from './reading.ts';

/** A plate this near to the edge of the picture, in shares of its height, is cut by it. */
const EDGE = 0.1;

/**
 * Probability from which a plate counts as whole, and from which its characters count as unread. Each doubts at most 1 % of the held-out
 * crops that reader 0.6.0 reads right (0.7 and 0.4 %). So would 0.05 for unread, but then one look would decide for a passage.
 */
const WHOLE = 0.3;
const UNREAD = 0.2;

/** Whether nothing hides a part of the plate, as far as the network can tell. */
export function saysWhole({ whole = 1 }: Pick<Reading, 'whole'>): boolean {
  return whole >= WHOLE;
}

/** Whether characters of the plate are missing in the text because the network cannot read them. */
export function hasUnread({ unread = 0 }: Pick<Reading, 'unread'>): boolean {
  return unread >= UNREAD;
}

/** Share of the confidence that is left to what was read of a part of a plate. A choice: `node tools/evaluate/cut-plates.ts` shows what is right of it. */
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

/** What a reading is worth of a plate that lies within the picture, or not. */
export function trust(reading: Reading, isInPicture: boolean): Reading {
  if (!isInPicture || !saysWhole(reading)) return doubtCut(reading);
  return hasUnread(reading) ? doubtPart(reading) : reading;
}

/** A reading of a plate of which a part is not in sight: the texts stay, are trusted little, and marked. */
function doubtCut(reading: Reading): Reading {
  return { ...doubtPart(reading), complete: false };
}

/** A reading of a part of the plate's characters: the texts stay and are trusted little. */
function doubtPart(reading: Reading): Reading {
  const { evidence } = reading;
  const doubted = { ...reading, ...doubt(reading), stated: reading.stated ?? reading.confidence };
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
