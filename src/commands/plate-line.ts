import type { Box, Quad } from '../vision/box.ts';
import type { TextCandidate } from '../vision/read/reading.ts';

/** One plate as `alpr read` prints it. */
export type PlateLine = Readonly<{
  text: string;
  confidence: number;
  /** x, y, w, h in pixels. */
  box: readonly [number, number, number, number];
  /** TL, TR, BR, BL in pixels. */
  corners: readonly (readonly [number, number])[];
  candidates: readonly TextCandidate[];
}>;

/** Rounds to what a reader of the line can use: tenths of a pixel, ten-thousandths of a probability. */
export function createPlateLine(plate: {
  text: string;
  confidence: number;
  box: Box;
  corners: Quad;
  candidates: readonly TextCandidate[];
}): PlateLine {
  const { x0, y0, x1, y1 } = plate.box;
  return {
    text: plate.text,
    confidence: round(plate.confidence, 4),
    box: [round(x0, 1), round(y0, 1), round(x1 - x0, 1), round(y1 - y0, 1)],
    corners: plate.corners.map(({ x, y }) => [round(x, 1), round(y, 1)] as const),
    candidates: plate.candidates.map(({ text, p }) => ({ text, p: round(p, 4) })),
  };
}

/** For people: `AB12CDE  97 %  at 120,340 96×28  also AB12CDF 2 %`. */
export function formatPlateLine(plate: PlateLine): string {
  const [x, y, w, h] = plate.box.map(Math.round) as [number, number, number, number];
  const others = plate.candidates
    .filter(({ text, p }) => text !== plate.text && p >= 0.005)
    .slice(0, 3)
    .map(({ text, p }) => `${text} ${percent(p)}`);
  const also = others.length > 0 ? `  also ${others.join(', ')}` : '';
  return `${plate.text.padEnd(10)} ${percent(plate.confidence).padStart(5)}  at ${x},${y} ${w}×${h}${also}`;
}

function percent(p: number): string {
  return `${Math.round(p * 100)} %`;
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
