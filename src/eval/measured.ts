import type { Box, Quad } from '../vision/box.ts';
import type { DetectionClass } from '../vision/detection.ts';
import type { ClipRecord, TextRecord, TimeRecord } from './records.ts';

/** A detection, as far as it is scored. */
export type Found = Readonly<{ box: Box; score: number; corners?: Quad }>;

/** What was labelled and what was found of one class in one picture. */
export type SearchRecord = Readonly<{
  /** `plate`, a class of vehicle, or `vehicle` where the label does not say which. */
  class: DetectionClass | 'vehicle';
  truth: readonly Readonly<{ box: Box; corners?: Quad }>[];
  found: readonly Found[];
}>;

/** Everything that was observed on a set, before any figure is computed from it. */
export type Measured = Readonly<{
  pictures: number;
  failures: readonly Readonly<{ name: string; why: string }>[];
  texts: readonly TextRecord[];
  searches: readonly SearchRecord[];
  clips: readonly ClipRecord[];
  times: readonly TimeRecord[];
  /** Score from which the detector calls a detection sure. */
  threshold: number;
  /** Processor seconds per second of the run: the cores used, decoding of pictures included. */
  coresUsed: number;
}>;
