import type { Box, Quad } from '../vision/box.ts';
import type { Reading, TextCandidate } from '../vision/read/reading.ts';
import { hasUnread } from '../vision/read/wholeness.ts';
import type { RegionScore } from '../vision/regions/region-prior.ts';

/** One plate as `alpr read` prints it. */
export type PlateLine = Readonly<{
  text: string;
  confidence: number;
  /** x, y, w, h in pixels. */
  box: readonly [number, number, number, number];
  /** TL, TR, BR, BL in pixels. */
  corners: readonly (readonly [number, number])[];
  candidates: readonly TextCandidate[];
  /** The characters as they look, where the region's registers write them otherwise. */
  seen?: string;
  region?: RegionScore;
  /** Whether the text fits a pattern of its region. */
  matches_format?: boolean;
  /** Given as `false` where a part of the plate is hidden: characters may be missing. */
  complete?: false;
  /** Given as `true` where the plate has characters that the reader does not know: the text lacks them. */
  unread_characters?: true;
}>;

/** Rounds to what a reader of the line can use: tenths of a pixel, ten-thousandths of a probability. */
export function createPlateLine(
  plate: Pick<Reading, 'text' | 'seen' | 'confidence' | 'candidates' | 'region' | 'matchesFormat' | 'unread'> & {
    box: Box;
    corners: Quad;
    complete?: boolean;
    hasUnread?: boolean;
  },
): PlateLine {
  const { x0, y0, x1, y1 } = plate.box;
  const { seen, region, matchesFormat } = plate;
  return {
    text: plate.text,
    confidence: round(plate.confidence, 4),
    box: [round(x0, 1), round(y0, 1), round(x1 - x0, 1), round(y1 - y0, 1)],
    corners: plate.corners.map(({ x, y }) => [round(x, 1), round(y, 1)] as const),
    candidates: plate.candidates.map(({ text, p }) => ({ text, p: round(p, 4) })),
    ...(seen === undefined ? {} : { seen }),
    ...(region ? { region: { code: region.code, score: round(region.score, 4) } } : {}),
    ...(matchesFormat === undefined ? {} : { matches_format: matchesFormat }),
    ...(plate.complete === false ? { complete: false as const } : {}),
    ...((plate.hasUnread ?? hasUnread(plate)) ? { unread_characters: true as const } : {}),
  };
}

/** For people: `AB12CDE  97 %  gb  at 120,340 96×28  also AB12CDF 2 %`; `gb?` where the text fits no pattern of the region. */
export function formatPlateLine(plate: PlateLine): string {
  const [x, y, w, h] = plate.box.map(Math.round);
  const others = plate.candidates
    .filter(({ text, p }) => text !== plate.text && p >= 0.005)
    .slice(0, 3)
    .map(({ text, p }) => `${text} ${percent(p)}`);
  const also = others.length > 0 ? `  also ${others.join(', ')}` : '';
  const region = `${plate.region?.code ?? '–'}${plate.region && !plate.matches_format ? '?' : ''}`.padEnd(6);
  const seen = plate.seen === undefined ? '' : `  seen as ${plate.seen}`;
  const hidden = plate.complete === false ? '  partly hidden' : '';
  const unread = plate.unread_characters ? '  has characters that are not read' : '';
  return `${plate.text.padEnd(10)} ${percent(plate.confidence).padStart(5)}  ${region} at ${x},${y} ${w}×${h}${seen}${hidden}${unread}${also}`;
}

function percent(p: number): string {
  return `${Math.round(p * 100)} %`;
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
