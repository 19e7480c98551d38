import { type Confusion, countConfusions } from './confusion.ts';
import type { Measured } from './measured.ts';
import { type BoxScore, type CornerScore, scoreBoxes, scoreCorners } from './score-boxes.ts';
import { type ClipScore, scoreClips } from './score-clips.ts';
import { type ConfidenceScore, scoreConfidence } from './score-confidence.ts';
import {
  HEIGHT_GROUPS,
  isExact,
  nameHeightGroup,
  type ScoredGroup,
  scoreGroups,
  scoreTexts,
  type TextScore,
} from './score-texts.ts';
import { type StageScore, scoreTimes } from './score-times.ts';

/** All figures of one set; parts that its truth does not speak of are left out. */
export type Report = Readonly<{
  folder: string;
  models: readonly string[];
  pictures: number;
  failures: Measured['failures'];
  texts: TextScore;
  regions: readonly ScoredGroup[];
  lines: readonly ScoredGroup[];
  heights: readonly ScoredGroup[];
  /** Where both the label and the reader name a region: how often they agree. */
  regionMatch?: Readonly<{ n: number; right: number }>;
  boxes: readonly BoxScore[];
  corners?: CornerScore;
  clips?: ClipScore;
  confidence?: ConfidenceScore;
  confusions: readonly Confusion[];
  times: readonly StageScore[];
  coresUsed: number;
}>;

/** Computes every figure from what was observed. */
export function compileReport(folder: string, models: readonly string[], measured: Measured): Report {
  const { texts, searches, clips, times, threshold } = measured;
  const read = texts.filter(({ text }) => text !== '');
  const corners = scoreCorners(searches);
  const clipScore = scoreClips(clips);
  const confidence = scoreConfidence(read.map((record) => ({ confidence: record.confidence, right: isExact(record) })));
  const regionMatch = matchRegions(measured);
  return {
    folder,
    models,
    pictures: measured.pictures,
    failures: measured.failures,
    texts: scoreTexts(texts),
    regions: scoreGroups(texts, ({ region }) => region || 'unknown'),
    lines: scoreGroups(texts, ({ lines }) => (lines === 2 ? 'two lines' : 'one line')),
    heights: scoreGroups(texts, nameHeightGroup, HEIGHT_GROUPS),
    ...(regionMatch ? { regionMatch } : {}),
    boxes: scoreBoxes(searches, threshold),
    ...(corners ? { corners } : {}),
    ...(clipScore ? { clips: clipScore } : {}),
    ...(confidence ? { confidence } : {}),
    confusions: countConfusions(texts),
    times: scoreTimes(times),
    coresUsed: measured.coresUsed,
  };
}

function matchRegions({ texts }: Measured): Report['regionMatch'] | undefined {
  const named = texts.filter(({ region, readRegion }) => region !== '' && readRegion !== undefined);
  if (named.length === 0) return undefined;
  return { n: named.length, right: named.filter(({ region, readRegion }) => region === readRegion).length };
}
