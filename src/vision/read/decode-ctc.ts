import { findBest, type HeadOutput, type LabelCandidate, rankCandidates, takeLog } from './head.ts';

/** Classes below this probability are not followed by the beam. */
const NEGLIGIBLE = 0.003;

/** A run of columns in which one class is the most probable: one character of the best path. */
export type Segment = Readonly<{ label: number; first: number; last: number }>;

/** The best path: runs of the same class, blanks dropped (Graves et al. 2006, best path decoding). */
export function findSegments(ctc: HeadOutput): Segment[] {
  const segments: { label: number; first: number; last: number }[] = [];
  let previous = 0;
  for (let column = 0; column < ctc.rows; column += 1) {
    const label = findBest(ctc, column);
    if (label !== 0 && label === previous) segments[segments.length - 1].last = column;
    else if (label !== 0) segments.push({ label, first: column, last: column });
    previous = label;
  }
  return segments;
}

type Prefix = { labels: readonly number[]; blank: number; ended: number };

/** Whole-text candidates by prefix beam search (Graves 2006; Hannun et al. 2014 without a language model). */
export function findCtcCandidates(ctc: HeadOutput, beamWidth: number): LabelCandidate[] {
  let beam = new Map<string, Prefix>([['', { labels: [], blank: 1, ended: 0 }]]);
  for (let column = 0; column < ctc.rows; column += 1) {
    const next = new Map<string, Prefix>();
    const best = findBest(ctc, column);
    for (const prefix of beam.values()) extendPrefix({ ctc, column, best }, prefix, next);
    beam = new Map(
      [...next]
        .sort(([keyA, a], [keyB, b]) => b.blank + b.ended - a.blank - a.ended || (keyA < keyB ? -1 : 1))
        .slice(0, beamWidth),
    );
  }
  const candidates = [...beam].map(([key, { labels, blank, ended }]): [string, LabelCandidate] => [
    key,
    { labels, logP: takeLog(blank + ended) },
  ]);
  return rankCandidates(new Map(candidates), beamWidth);
}

type Step = Readonly<{ ctc: HeadOutput; column: number; best: number }>;

function extendPrefix({ ctc, column, best }: Step, prefix: Prefix, next: Map<string, Prefix>): void {
  const { labels, blank, ended } = prefix;
  const total = blank + ended;
  const newest = labels.at(-1);
  const same = takePrefix(next, labels);
  same.blank += total * ctc.data[column * ctc.classes];
  for (let c = 1; c < ctc.classes; c += 1) {
    const p = ctc.data[column * ctc.classes + c];
    if (p < NEGLIGIBLE && c !== best) continue;
    // A repeated class only counts anew after a blank.
    if (c === newest) same.ended += ended * p;
    takePrefix(next, [...labels, c]).ended += (c === newest ? blank : total) * p;
  }
}

function takePrefix(prefixes: Map<string, Prefix>, labels: readonly number[]): Prefix {
  const key = labels.join();
  const known = prefixes.get(key);
  if (known) return known;
  const fresh = { labels, blank: 0, ended: 0 };
  prefixes.set(key, fresh);
  return fresh;
}

/** Logarithm of the probability of a text under the CTC head, over all its alignments (the CTC forward algorithm). */
export function scoreCtc(ctc: HeadOutput, labels: readonly number[]): number {
  const { data, rows, classes } = ctc;
  const states = 2 * labels.length + 1;
  const forward = new Float64Array(states);
  forward[0] = data[0];
  if (states > 1) forward[1] = data[labels[0]];
  for (let column = 1; column < rows; column += 1) {
    for (let s = states - 1; s >= 0; s -= 1) {
      const label = s & 1 ? labels[s >> 1] : 0;
      let sum = forward[s];
      if (s > 0) sum += forward[s - 1];
      if (s > 1 && label !== 0 && label !== labels[(s >> 1) - 1]) sum += forward[s - 2];
      forward[s] = sum * data[column * classes + label];
    }
  }
  return takeLog(forward[states - 1] + (states > 1 ? forward[states - 2] : 0));
}

/** The column at which each character of a text is surest on its most probable alignment, or undefined where it cannot be aligned. */
export function alignCtc(ctc: HeadOutput, labels: readonly number[]): readonly number[] | undefined {
  const { data, rows, classes } = ctc;
  const states = 2 * labels.length + 1;
  const back = new Uint8Array(rows * states);
  let score = new Float64Array(states).fill(-Infinity);
  score[0] = takeLog(data[0]);
  if (states > 1) score[1] = takeLog(data[labels[0]]);
  for (let column = 1; column < rows; column += 1) {
    const next = new Float64Array(states);
    for (let s = 0; s < states; s += 1) {
      const label = s & 1 ? labels[s >> 1] : 0;
      let step = 0;
      if (s > 0 && score[s - 1] > score[s]) step = 1;
      if (s > 1 && label !== 0 && label !== labels[(s >> 1) - 1] && score[s - 2] > score[s - step]) step = 2;
      back[column * states + s] = step;
      next[s] = score[s - step] + takeLog(data[column * classes + label]);
    }
    score = next;
  }
  let state = states > 1 && score[states - 2] > score[states - 1] ? states - 2 : states - 1;
  if (score[state] === -Infinity) return undefined;
  const places: number[] = new Array(labels.length);
  const peaks = new Float64Array(labels.length).fill(-1);
  for (let column = rows - 1; column >= 0; column -= 1) {
    if (state & 1) {
      const at = state >> 1;
      const p = data[column * classes + labels[at]];
      if (p > peaks[at]) {
        peaks[at] = p;
        places[at] = column;
      }
    }
    state -= back[column * states + state];
  }
  return places;
}

/** 2 when characters stand in both rows of columns and the lower row begins left of where the upper ends, else 1. */
export function countLines(places: readonly number[], columns: number): 1 | 2 {
  const upper = places.filter((place) => place < columns / 2);
  const lower = places.filter((place) => place >= columns / 2).map((place) => place - columns / 2);
  if (upper.length === 0 || lower.length === 0) return 1;
  return Math.min(...lower) < Math.max(...upper) ? 2 : 1;
}
