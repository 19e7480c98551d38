import type { Quad } from '../vision/box.ts';
import type { RgbImage } from '../vision/image.ts';
import type { CharDistribution, TextCandidate } from '../vision/read/reading.ts';
import type { StageTimes } from './stage-clock.ts';

/** One true text and what was read in its place; an empty `text` where nothing was found or read. */
export type TextRecord = Readonly<{
  name: string;
  path: string;
  truth: string;
  text: string;
  /** 0–1. */
  confidence: number;
  candidates: readonly TextCandidate[];
  chars: readonly CharDistribution[];
  /** Country or state as labelled; empty where unknown. */
  region: string;
  readRegion?: string;
  /** As labelled, else as read. */
  lines: number;
  /** Height of a character in the picture, px. */
  charHeight: number;
  /** Where it was read; absent where no plate was found. */
  corners?: Quad;
  /** Probability that the plate can be read at all, where the reader says so. */
  legibility?: number;
  /** Of a clip: the picture of the best look, cut out. */
  crop?: RgbImage;
}>;

/** One true plate or detection of a searched picture, after matching. */
export type ScoredDetection = Readonly<{ score: number; right: boolean }>;

/** The passages of one clip. */
export type ClipRecord = Readonly<{
  name: string;
  truth: readonly string[];
  /** Texts of the final events, in order. */
  events: readonly Readonly<{ text: string; confidence: number }>[];
  seconds: number;
}>;

/** Milliseconds of one picture by stage. */
export type TimeRecord = Readonly<{ times: StageTimes; width: number; height: number }>;
