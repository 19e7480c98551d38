import type { TextCandidate } from '../read/reading.ts';
import type { RegionScore } from './region-prior.ts';
import type { Spelling } from './spelling.ts';

/** What is asked: all texts that the characters may be, their probabilities (the rest to 1 is texts not listed), and regions the picture showed. */
export type RegionQuestion = Readonly<{ candidates: readonly TextCandidate[]; shown: readonly RegionScore[] }>;

/** The same texts in a new order. */
export type RegionAnswer = Readonly<{
  candidates: readonly TextCandidate[];
  /** The region of the plate, where one is likelier than not. */
  region?: RegionScore;
  /** How the region's registers write the first text, where they do not use every character and no pattern explains them. */
  spelling?: Spelling;
  /** The first text with the umlauts that the region's registers write and the candidates lack. */
  written?: string;
  /** Whether the first text fits a pattern of its region. */
  matchesFormat: boolean;
  /** Whether the first text is the whole number, whatever else the plate shows in another script. */
  isWholeInLatin?: true;
}>;

/** Knows how plates are numbered. Orders given texts; never makes one. */
export interface RegionKnowledge {
  /** How many texts to put together for {@link judge} to choose from. */
  readonly variants: Readonly<{ minCharShare: number; maxVariants: number }>;
  judge(question: RegionQuestion): RegionAnswer;
  /** What plates say of where they come from, by region; only regions whose plates do. */
  readonly words: ReadonlyMap<string, readonly string[]>;
}
