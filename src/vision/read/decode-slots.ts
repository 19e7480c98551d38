import { findBest, type HeadOutput, type LabelCandidate, rankCandidates, takeLog } from './head.ts';

/** Classes below this probability are not followed by the beam. */
const NEGLIGIBLE = 0.005;

/** Class indices of the most probable text: the best class of each slot, empty slots left out. */
export function readSlots(slots: HeadOutput): number[] {
  const labels: number[] = [];
  for (let row = 0; row < slots.rows; row += 1) {
    const best = findBest(slots, row);
    if (best > 0) labels.push(best);
  }
  return labels;
}

/** Whole-text candidates of the slots head; slots are taken as independent, texts that differ only by where the empty slots are add up. */
export function findSlotCandidates(slots: HeadOutput, beamWidth: number): LabelCandidate[] {
  let beam = new Map<string, Readonly<{ labels: readonly number[]; p: number }>>([['', { labels: [], p: 1 }]]);
  for (let row = 0; row < slots.rows; row += 1) {
    const next = new Map<string, { labels: readonly number[]; p: number }>();
    const best = findBest(slots, row);
    for (const { labels, p } of beam.values()) {
      for (let c = 0; c < slots.classes; c += 1) {
        const step = slots.data[row * slots.classes + c];
        if (step < NEGLIGIBLE && c !== best) continue;
        const grown = c === 0 ? labels : [...labels, c];
        const key = grown.join();
        const known = next.get(key);
        if (known) known.p += p * step;
        else next.set(key, { labels: grown, p: p * step });
      }
    }
    beam = new Map([...next].sort(([keyA, a], [keyB, b]) => b.p - a.p || (keyA < keyB ? -1 : 1)).slice(0, beamWidth));
  }
  return rankCandidates(
    new Map([...beam].map(([key, { labels, p }]) => [key, { labels, logP: takeLog(p) }])),
    beamWidth,
  );
}

/** Logarithm of the probability of a text under the slots head, over all ways to place the empty slots. */
export function scoreSlots(slots: HeadOutput, labels: readonly number[]): number {
  const { data, rows, classes } = slots;
  const forward = new Float64Array(labels.length + 1);
  forward[0] = 1;
  for (let row = 0; row < rows; row += 1) {
    const none = data[row * classes];
    for (let j = Math.min(labels.length, row + 1); j > 0; j -= 1) {
      forward[j] = forward[j] * none + forward[j - 1] * data[row * classes + labels[j - 1]];
    }
    forward[0] *= none;
  }
  return takeLog(forward[labels.length]);
}

/** The slot that most likely holds each character of a text, or undefined where the text has more characters than slots. */
export function alignSlots(slots: HeadOutput, labels: readonly number[]): readonly number[] | undefined {
  const { data, rows, classes } = slots;
  const length = labels.length;
  if (length > rows) return undefined;
  const score = new Float64Array((rows + 1) * (length + 1)).fill(-Infinity);
  score[0] = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let j = 0; j <= length; j += 1) {
      const stay = score[row * (length + 1) + j] + takeLog(data[row * classes]);
      const take = j > 0 ? score[row * (length + 1) + j - 1] + takeLog(data[row * classes + labels[j - 1]]) : -Infinity;
      score[(row + 1) * (length + 1) + j] = Math.max(stay, take);
    }
  }
  const places: number[] = new Array(length);
  let j = length;
  for (let row = rows - 1; row >= 0 && j > 0; row -= 1) {
    const stay = score[row * (length + 1) + j] + takeLog(data[row * classes]);
    if (score[(row + 1) * (length + 1) + j] > stay) {
      j -= 1;
      places[j] = row;
    }
  }
  return places;
}
