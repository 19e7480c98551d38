/** Axis-aligned box in pixels of the full picture: left, top, right, bottom. */
export type Box = Readonly<{ x0: number; y0: number; x1: number; y1: number }>;

export type Point = Readonly<{ x: number; y: number }>;

/** Four corners of a plate as its reader sees them: top left, top right, bottom right, bottom left. */
export type Quad = readonly [Point, Point, Point, Point];
