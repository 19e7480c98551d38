import type { Box } from './box.ts';
import { findCentre } from './geometry.ts';
import type { Image } from './image.ts';

/** The corners of an area of the picture, each as shares (0–1) of its width and height from the top left. */
export type Polygon = readonly (readonly [x: number, y: number])[];

/** Whether the centre of a box lies in one of the areas (even-odd rule). */
export function isMasked(
  box: Box,
  { width, height }: Pick<Image, 'width' | 'height'>,
  areas: readonly Polygon[],
): boolean {
  const centre = findCentre(box);
  return areas.some((area) => contains(area, centre.x / width, centre.y / height));
}

/** Whether a point, in shares, lies within an area (even-odd rule). */
export function contains(area: Polygon, x: number, y: number): boolean {
  let inside = false;
  for (const [index, [ax, ay]] of area.entries()) {
    const [bx, by] = area[(index + 1) % area.length];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}
