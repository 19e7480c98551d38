import type { RegionScore } from '../regions/region-prior.ts';

/** One possible character and its probability (0–1). The empty string stands for "no character here". */
export type CharProbability = Readonly<{ char: string; p: number }>;

/** A distribution over characters at one position, most probable first; sums to at most 1 (the tail may be cut). */
export type CharDistribution = readonly CharProbability[];

/** What one look at one rectified plate said. */
export type Reading = Readonly<{
  /** The most probable text. */
  text: string;
  /** One distribution per character of `text`. */
  chars: readonly CharDistribution[];
  /** Calibrated probability that `text` is right, 0–1. */
  confidence: number;
  /** What the heads said before calibration (0–1), where that is not the same: what makes lettering and signs fall below a threshold. */
  stated?: number;
  /** Whole-text alternatives, most probable first; the first is `text`. */
  candidates: readonly TextCandidate[];
  /** The characters as they look, where the registers of the region write them otherwise and `text` follows those. */
  seen?: string;
  /** 1 or 2 lines of text, when the reader says so. */
  lines?: number;
  /** Country or state code, when the reader or the numbering says so. */
  region?: RegionScore;
  /** Whether `text` fits a pattern of numbers that its region issues; unknown where the patterns were not asked. */
  matchesFormat?: boolean;
  /** How probable the network finds each region by the look of the plate, where it has a head for it. */
  regions?: readonly RegionScore[];
  /** `false` where a part of the plate is not in sight: characters may be missing. */
  complete?: boolean;
  /** Probability (0–1) that the whole number is in sight, where the network has a head for it. */
  whole?: number;
  /** Probability (0–1) that the number has characters that the network cannot read, of another script or as signs, where it has a head for it. */
  unread?: number;
  /** Probability (0–1) that the text can be read at all, where the network has a head for it. */
  readable?: number;
  /** What the network alone said, where the numbering of regions has changed the order. */
  evidence?: Readonly<Pick<Reading, 'text' | 'chars' | 'confidence' | 'candidates'>>;
}>;

export type TextCandidate = Readonly<{ text: string; p: number }>;
