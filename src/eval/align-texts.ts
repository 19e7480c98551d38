/** One step from the truth to what was read: both set where they are paired, `''` for a character that one side lacks. */
export type AlignedPair = Readonly<{ truth: string; read: string }>;

/**
 * The fewest insertions, deletions and substitutions that turn the truth into what was read (Levenshtein 1966), traced back;
 * where several ways are as short, pairing goes before leaving out.
 */
export function alignTexts(truth: string, read: string): readonly AlignedPair[] {
  const [a, b] = [[...truth], [...read]];
  const cost = fillCosts(a, b);
  const costAt = (i: number, j: number) => cost[i]?.[j] ?? Number.POSITIVE_INFINITY;
  const pairs: AlignedPair[] = [];
  let [i, j] = [a.length, b.length];
  while (i > 0 || j > 0) {
    const [wanted = '', found = ''] = [a[i - 1], b[j - 1]];
    if (costAt(i, j) === costAt(i - 1, j - 1) + (wanted === found ? 0 : 1)) {
      pairs.push({ truth: wanted, read: found });
      [i, j] = [i - 1, j - 1];
    } else if (costAt(i, j) === costAt(i - 1, j) + 1) {
      pairs.push({ truth: wanted, read: '' });
      i -= 1;
    } else {
      pairs.push({ truth: '', read: found });
      j -= 1;
    }
  }
  return pairs.reverse();
}

/** Number of edits between two texts. */
export function countEdits(truth: string, read: string): number {
  return alignTexts(truth, read).filter((pair) => pair.truth !== pair.read).length;
}

function fillCosts(a: readonly string[], b: readonly string[]): number[][] {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  const cost = [above];
  for (const char of a) {
    const row: number[] = [];
    let [corner, left] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (const [j, up] of above.entries()) {
      left = Math.min(corner + (char === b[j - 1] ? 0 : 1), up + 1, left + 1);
      row.push(left);
      corner = up;
    }
    cost.push(row);
    above = row;
  }
  return cost;
}
