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
  /** Whole-text alternatives, most probable first; the first is `text`. */
  candidates: readonly TextCandidate[];
  /** 1 or 2 lines of text, when the reader says so. */
  lines?: number;
  /** Country or state code, when the reader says so. */
  region?: Readonly<{ code: string; score: number }>;
}>;

export type TextCandidate = Readonly<{ text: string; p: number }>;
