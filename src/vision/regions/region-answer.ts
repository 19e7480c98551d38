import type { TextCandidate } from '../read/reading.ts';
import type { RegionScore } from './region-prior.ts';

/** What is asked: all texts that the characters may be, their probabilities (the rest to 1 is texts not listed), and regions the picture showed. */
export type RegionQuestion = Readonly<{ candidates: readonly TextCandidate[]; shown: readonly RegionScore[] }>;

/** The same texts in a new order. */
export type RegionAnswer = Readonly<{
  candidates: readonly TextCandidate[];
  /** The region of the plate, where one is likelier than not. */
  region?: RegionScore;
  /** Whether the first text fits a pattern of its region. */
  matchesFormat: boolean;
}>;

/** Knows how plates are numbered. Orders given texts; never makes one. */
export interface RegionKnowledge {
  /** How many texts to put together for {@link judge} to choose from. */
  readonly variants: Readonly<{ minCharShare: number; maxVariants: number }>;
  judge(question: RegionQuestion): RegionAnswer;
}
