import type { Box } from './box.ts';
import type { Detection } from './detection.ts';
import { findCentre, measureQuad, toQuad } from './geometry.ts';
import type { Image } from './image.ts';

/** A plate found in a single picture, on its vehicle if there is one around it. */
type Found = Readonly<{ detection: Detection; vehicle?: Detection | undefined }>;

/** A second plate of a vehicle is at least this high in heights of the first: stickers and phone numbers are smaller. */
const SECOND = 0.6;
/** Share of the picture's height, at its upper and lower edge, in which cameras write. */
const WRITTEN = 0.1;

/** Whether text is rather lettering beside the plates that are known already, surest first: on their vehicle, or of the camera. */
export function isBeside(found: Found, known: readonly Found[], picture: Pick<Image, 'width' | 'height'>): boolean {
  const first = known.find(({ vehicle }) => vehicle !== undefined && vehicle === found.vehicle);
  if (first) return measureHeight(found) < SECOND * measureHeight(first);
  return !found.vehicle && isAtEdge(found.detection.box, picture) && known.some(({ vehicle }) => vehicle);
}

/** Whether a box lies where cameras write into their pictures: at the upper or the lower edge. */
export function isAtEdge(box: Box, { height }: Pick<Image, 'height'>): boolean {
  const place = findCentre(box).y / height;
  return Math.min(place, 1 - place) < WRITTEN;
}

function measureHeight({ detection }: Found): number {
  return measureQuad(detection.corners ?? toQuad(detection.box)).height;
}
