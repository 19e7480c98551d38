import type { PlateEvent } from './plate-event.ts';

/** How much around a plate its picture shows, as shares of the plate's box. */
export const PLATE_MARGIN = { left: 0.08, right: 0.08, up: 0.15, down: 0.15 } as const;

/** Pixels that a corner may lie outside the picture: the detector places corners beside the box now and then. */
const SLACK = 4;

type Point = readonly [number, number];

/** The corners of a plate in the picture of the plate, which begins at a whole pixel of the frame; undefined where they do not fit it. */
export function cornersInPicture({ plate, images }: PlateEvent): readonly Point[] | undefined {
  if (!images) return undefined;
  const [x, y, w, h] = plate.bbox;
  const [left, top] = [x - PLATE_MARGIN.left * w, y - PLATE_MARGIN.up * h].map((edge) => Math.max(0, Math.floor(edge)));
  const corners = plate.quad.map(([px, py]): Point => [round(px - (left ?? 0)), round(py - (top ?? 0))]);
  const fits = ([px, py]: Point) =>
    px >= -SLACK && py >= -SLACK && px <= images.plate.w + SLACK && py <= images.plate.h + SLACK;
  return corners.every(fits) ? corners : undefined;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
