import type { Box } from '../box.ts';
import { findCentre } from '../geometry.ts';
import type { Image } from '../image.ts';

/** More quarters than this cost as much as the whole picture. */
const MOST = 3;

/**
 * Quarters of a picture, of half its sides each, in which all the boxes have their centres, those of the first boxes in the middle; the
 * whole picture where these are too many. Nothing where there is no box.
 */
export function quartersAround(
  { width, height }: Pick<Image, 'width' | 'height'>,
  boxes: readonly Box[],
): readonly Box[] {
  const found: Box[] = [];
  for (const box of boxes) {
    const centre = findCentre(box);
    if (found.some((quarter) => isWithin(quarter, box))) continue;
    const x0 = Math.round(clamp(centre.x - width / 4, width / 2));
    const y0 = Math.round(clamp(centre.y - height / 4, height / 2));
    found.push({ x0, y0, x1: x0 + Math.ceil(width / 2), y1: y0 + Math.ceil(height / 2) });
  }
  return found.length > MOST ? [{ x0: 0, y0: 0, x1: width, y1: height }] : found;
}

/** Whether a box lies in a quarter with some of what is around it. */
function isWithin(quarter: Box, { x0, y0, x1, y1 }: Box): boolean {
  const margin = y1 - y0;
  return (
    x0 - margin >= quarter.x0 && x1 + margin <= quarter.x1 && y0 - margin >= quarter.y0 && y1 + margin <= quarter.y1
  );
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
