/** One step from the truth to what was read: both set where they are paired, `''` for a character that one side lacks. */
export type AlignedPair = Readonly<{ truth: string; read: string }>;

/**
 * The fewest insertions, deletions and substitutions that turn the truth into what was read (Levenshtein 1966), traced back;
 * where several ways are as short, pairing goes before leaving out.
 */
export function alignTexts(truth: string, read: string): readonly AlignedPair[] {
  const [a, b] = [[...truth], [...read]];
  const cost = fillCosts(a, b);
  const pairs: AlignedPair[] = [];
  let [i, j] = [a.length, b.length];
  while (i > 0 || j > 0) {
    const here = cost[i][j];
    if (i > 0 && j > 0 && here === cost[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)) {
      pairs.push({ truth: a[--i], read: b[--j] });
    } else if (i > 0 && here === cost[i - 1][j] + 1) pairs.push({ truth: a[--i], read: '' });
    else pairs.push({ truth: '', read: b[--j] });
  }
  return pairs.reverse();
}

/** Number of edits between two texts. */
export function countEdits(truth: string, read: string): number {
  return alignTexts(truth, read).filter((pair) => pair.truth !== pair.read).length;
}

function fillCosts(a: readonly string[], b: readonly string[]): number[][] {
  const cost = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = cost[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(swap, cost[i - 1][j] + 1, row[j - 1] + 1));
    }
    cost.push(row);
  }
  return cost;
}
