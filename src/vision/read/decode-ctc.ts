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

/** A text so far: `key` names it, `blank` and `ended` are the probabilities of its alignments that end in a blank or its last class. */
type Prefix = { key: string; labels: readonly number[]; blank: number; ended: number };

/** Whole-text candidates by prefix beam search (Graves 2006; Hannun et al. 2014 without a language model). */
export function findCtcCandidates(ctc: HeadOutput, beamWidth: number): LabelCandidate[] {
  let beam: Prefix[] = [{ key: '', labels: [], blank: 1, ended: 0 }];
  for (let column = 0; column < ctc.rows; column += 1) {
    const step = listStep(ctc, column);
    if (step.classes.length === 0) {
      for (const prefix of beam) addBlank(prefix, step.blank);
      continue;
    }
    const next = new Map<string, Prefix>();
    for (const prefix of beam) extendPrefix(step, prefix, next);
    beam = [...next.values()]
      .sort((a, b) => b.blank + b.ended - a.blank - a.ended || (a.key < b.key ? -1 : 1))
      .slice(0, beamWidth);
  }
  const candidates = beam.map(({ key, labels, blank, ended }): [string, LabelCandidate] => [
    key,
    { labels, logP: takeLog(blank + ended) },
  ]);
  return rankCandidates(new Map(candidates), beamWidth);
}

/** One column: the probability of a blank, and the classes worth following with theirs. */
type Step = Readonly<{ blank: number; classes: readonly Readonly<{ label: number; p: number }>[] }>;

function listStep(ctc: HeadOutput, column: number): Step {
  const from = column * ctc.classes;
  const best = findBest(ctc, column);
  const classes = [];
  for (let label = 1; label < ctc.classes; label += 1) {
    const p = ctc.data[from + label];
    if (p >= NEGLIGIBLE || label === best) classes.push({ label, p });
  }
  return { blank: ctc.data[from], classes };
}

/** Where nothing but a blank is worth following all prefixes shrink alike and keep their order. */
function addBlank(prefix: Prefix, p: number): void {
  prefix.blank = (prefix.blank + prefix.ended) * p;
  prefix.ended = 0;
}

function extendPrefix(step: Step, { key, labels, blank, ended }: Prefix, next: Map<string, Prefix>): void {
  const total = blank + ended;
  const newest = labels.at(-1);
  const same = next.get(key) ?? addPrefix(next, key, labels);
  same.blank += total * step.blank;
  for (const { label, p } of step.classes) {
    // A repeated class only counts anew after a blank.
    if (label === newest) same.ended += ended * p;
    const longer = key === '' ? String(label) : `${key},${label}`;
    const grown = next.get(longer) ?? addPrefix(next, longer, [...labels, label]);
    grown.ended += (label === newest ? blank : total) * p;
  }
}

function addPrefix(prefixes: Map<string, Prefix>, key: string, labels: readonly number[]): Prefix {
  const fresh = { key, labels, blank: 0, ended: 0 };
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
    const from = column * classes;
    const blank = data[from];
    for (let s = states - 1; s > 0; s -= 2) {
      forward[s] = (forward[s] + forward[s - 1]) * blank;
      const label = labels[(s - 1) >> 1];
      let sum = forward[s - 1] + forward[s - 2];
      if (s > 2 && label !== labels[(s - 3) >> 1]) sum += forward[s - 3];
      forward[s - 1] = sum * data[from + label];
    }
    forward[0] *= blank;
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
    const blank = takeLog(data[column * classes]);
    for (let s = 0; s < states; s += 1) {
      const label = s & 1 ? labels[s >> 1] : 0;
      let step = 0;
      if (s > 0 && score[s - 1] > score[s]) step = 1;
      if (s > 1 && label !== 0 && label !== labels[(s >> 1) - 1] && score[s - 2] > score[s - step]) step = 2;
      back[column * states + s] = step;
      next[s] = score[s - step] + (label === 0 ? blank : takeLog(data[column * classes + label]));
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
