import type { CharDistribution } from '../read/reading.ts';

/** Cost of a character that only one side has; two unlike characters cost 1. */
const GAP = 0.7;

/** How a text lies along a pivot: for each pivot position the index of its character or −1, and the total cost. */
export type Alignment = Readonly<{ places: readonly number[]; cost: number }>;

/** Global alignment (Needleman & Wunsch 1970) of two rows of distributions; characters cost what their distributions do not share. */
export function alignChars(pivot: readonly CharDistribution[], other: readonly CharDistribution[]): Alignment {
  const columns = other.length + 1;
  const cost = new Float64Array((pivot.length + 1) * columns);
  for (let i = 1; i <= pivot.length; i += 1) cost[i * columns] = i * GAP;
  for (let j = 1; j <= other.length; j += 1) cost[j] = j * GAP;
  for (let i = 1; i <= pivot.length; i += 1) {
    for (let j = 1; j <= other.length; j += 1) {
      const pair = cost[(i - 1) * columns + j - 1] + 1 - measureShared(pivot[i - 1], other[j - 1]);
      const gap = Math.min(cost[(i - 1) * columns + j], cost[i * columns + j - 1]) + GAP;
      cost[i * columns + j] = Math.min(pair, gap);
    }
  }
  return { places: traceBack(cost, pivot, other), cost: cost[pivot.length * columns + other.length] };
}

function traceBack(
  cost: Float64Array,
  pivot: readonly CharDistribution[],
  other: readonly CharDistribution[],
): number[] {
  const columns = other.length + 1;
  const places: number[] = new Array(pivot.length).fill(-1);
  let i = pivot.length;
  let j = other.length;
  while (i > 0 && j > 0) {
    const here = cost[i * columns + j];
    const pair = cost[(i - 1) * columns + j - 1] + 1 - measureShared(pivot[i - 1], other[j - 1]);
    if (Math.abs(here - pair) < 1e-9) {
      i -= 1;
      j -= 1;
      places[i] = j;
    } else if (Math.abs(here - cost[(i - 1) * columns + j] - GAP) < 1e-9) i -= 1;
    else j -= 1;
  }
  return places;
}

function measureShared(a: CharDistribution, b: CharDistribution): number {
  let shared = 0;
  for (const { char, p } of a) shared += Math.min(p, b.find((other) => other.char === char)?.p ?? 0);
  return shared;
}

/** Letters that looks at one plate confuse: they settle which looks are one passage, not what a search finds. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  O: '0',
  Q: '0',
  D: '0',
  I: '1',
  L: '1',
  B: '8',
  S: '5',
  Z: '2',
  Ä: 'A',
  Ö: '0',
  Ü: 'U',
};

/** Least number of insertions, deletions and substitutions between two texts (Levenshtein 1966). */
export function measureEditDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      row.push(Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    previous = row;
  }
  return previous[b.length];
}

/** Whether two texts of one camera within a moment are readings of one plate: equal but for look-alikes, or one character off in five or more. */
export function isSamePlate(a: string, b: string): boolean {
  if (a === '' || b === '') return false;
  const allowed = Math.min(a.length, b.length) >= 5 ? 1 : 0;
  return measureEditDistance(foldLookalikes(a), foldLookalikes(b)) <= allowed;
}

/** Whether two texts may still turn out to be one plate when more looks come in: at least half of it is alike. */
export function mayBeSamePlate(a: string, b: string): boolean {
  return measureEditDistance(foldLookalikes(a), foldLookalikes(b)) <= Math.max(a.length, b.length) / 2;
}

/** The text with one character for those that look alike. */
export function foldLookalikes(text: string): string {
  return [...text].map((char) => LOOKALIKES[char] ?? char).join('');
}
