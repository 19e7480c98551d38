/** A character, and whether the other text has none or another in its place. */
export type MarkedChar = Readonly<{ c: string; differs: boolean }>;

/** Both texts with the characters marked that are not in their longest common subsequence. */
export function markDifferences(a: string, b: string): readonly [readonly MarkedChar[], readonly MarkedChar[]] {
  const [one, other] = [[...a], [...b]];
  // common[i][j]: the length of the longest common subsequence of the two texts from i and j on.
  const common = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = one.length - 1; i >= 0; i -= 1) {
    const row = common[i] ?? [];
    for (let j = other.length - 1; j >= 0; j -= 1)
      row[j] = one[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const marked: [MarkedChar[], MarkedChar[]] = [[], []];
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    const [c = '', d = ''] = [one[i], other[j]];
    const isSame = i < one.length && j < other.length && c === d;
    const takesFirst = isSame || (i < one.length && (j >= other.length || at(i + 1, j) >= at(i, j + 1)));
    const takesSecond = isSame || !takesFirst;
    if (takesFirst) marked[0].push({ c, differs: !isSame });
    if (takesSecond) marked[1].push({ c: d, differs: !isSame });
    if (takesFirst) i += 1;
    if (takesSecond) j += 1;
  }
  return marked;
}
