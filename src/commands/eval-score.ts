import type { Box } from '../vision/box.ts';
import type { TextCandidate } from '../vision/read/reading.ts';
import type { TruePlate } from './eval-truth.ts';

/** A plate that the system reported. */
export type ReportedPlate = Readonly<{ box: Box; text: string; candidates: readonly TextCandidate[] }>;

/** Sums over all pictures; rates are computed at the end. */
export type Tally = {
  pictures: number;
  truePlates: number;
  foundPlates: number;
  reportedPlates: number;
  trueTexts: number;
  exact: number;
  exactTop3: number;
  chars: number;
  charErrors: number;
  failed: number;
  milliseconds: number;
};

export const EMPTY_TALLY: Readonly<Tally> = {
  pictures: 0,
  truePlates: 0,
  foundPlates: 0,
  reportedPlates: 0,
  trueTexts: 0,
  exact: 0,
  exactTop3: 0,
  chars: 0,
  charErrors: 0,
  failed: 0,
  milliseconds: 0,
};

/** Adds the boxes of a searched picture: each true one takes the best unused report at IoU ≥ 0.5. */
export function scoreBoxes(tally: Tally, truth: readonly TruePlate[], reported: readonly Box[]): void {
  const unused = new Set(reported.map((box) => ({ box })));
  tally.reportedPlates += reported.length;
  for (const { box } of truth) {
    if (!box) continue;
    tally.truePlates++;
    const match = findOverlapping(box, [...unused]);
    if (!match) continue;
    unused.delete(match);
    tally.foundPlates++;
  }
}

/** Adds the texts of a searched picture: each is compared with the report at its box, or without a box with any report. */
export function scoreTexts(tally: Tally, truth: readonly TruePlate[], reported: readonly ReportedPlate[]): void {
  for (const { box, text } of truth) {
    if (text === undefined) continue;
    const match = box
      ? findOverlapping(box, reported)
      : (reported.find((report) => report.text === text) ?? reported[0]);
    scoreText(tally, text, match?.text ?? '', match?.candidates ?? []);
  }
}

/** Adds one text: exact, among the first three candidates, and edits per character. */
export function scoreText(tally: Tally, truth: string, text: string, candidates: readonly TextCandidate[]): void {
  tally.trueTexts++;
  tally.chars += truth.length;
  tally.charErrors += Math.min(truth.length, countEdits(truth, text));
  if (text === truth) tally.exact++;
  if (text === truth || candidates.slice(0, 3).some((candidate) => candidate.text === truth)) tally.exactTop3++;
}

/** Intersection over union of two boxes, 0–1. */
export function measureOverlap(a: Box, b: Box): number {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  if (width <= 0 || height <= 0) return 0;
  const area = (box: Box) => (box.x1 - box.x0) * (box.y1 - box.y0);
  return (width * height) / (area(a) + area(b) - width * height);
}

/** Levenshtein distance: insertions, deletions and substitutions cost one each. */
export function countEdits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, swap));
    }
    row = next;
  }
  return row[b.length] as number;
}

function findOverlapping<T extends { box: Box }>(box: Box, reported: readonly T[]): T | undefined {
  const rated = reported.map((report) => ({ report, overlap: measureOverlap(box, report.box) }));
  return rated.filter(({ overlap }) => overlap >= 0.5).sort((a, b) => b.overlap - a.overlap)[0]?.report;
}
