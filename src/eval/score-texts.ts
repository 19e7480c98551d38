import { countEdits } from './align-texts.ts';
import { foldText } from './normalize-truth.ts';
import type { TextRecord } from './records.ts';

/** Counts of right texts; shares are made when they are shown. */
export type TextScore = Readonly<{
  n: number;
  exact: number;
  /** Right when O is taken for 0 and I for 1. */
  folded: number;
  /** Right among the first three candidates. */
  top3: number;
  /** Texts in whose place nothing was found or read. */
  empty: number;
  chars: number;
  /** Edits, at most one for each true character of a text. */
  charErrors: number;
}>;

/** Scores texts as a whole and by characters. */
export function scoreTexts(texts: readonly TextRecord[]): TextScore {
  const count = (test: (record: TextRecord) => boolean) => texts.filter(test).length;
  const sum = (measure: (record: TextRecord) => number) => texts.reduce((all, record) => all + measure(record), 0);
  return {
    n: texts.length,
    exact: count(isExact),
    folded: count(({ truth, text }) => foldText(truth) === foldText(text)),
    top3: count((record) => isExact(record) || isAmongThree(record)),
    empty: count(({ text }) => text === ''),
    chars: sum(({ truth }) => truth.length),
    charErrors: sum(({ truth, text }) => Math.min(truth.length, countEdits(truth, text))),
  };
}

/** Whether the text is exactly right. */
export function isExact({ truth, text }: TextRecord): boolean {
  return truth === text;
}

function isAmongThree({ truth, candidates }: TextRecord): boolean {
  return candidates.slice(0, 3).some(({ text }) => text === truth);
}

export type ScoredGroup = Readonly<{ group: string; score: TextScore }>;

/** The same for each group, in the order of `order` where given, else the largest group first. */
export function scoreGroups(
  texts: readonly TextRecord[],
  nameGroup: (record: TextRecord) => string,
  order?: readonly string[],
): readonly ScoredGroup[] {
  const groups = Map.groupBy(texts, nameGroup);
  const names = order?.filter((name) => groups.has(name)) ?? sortBySize(groups);
  return names.map((group) => ({ group, score: scoreTexts(groups.get(group) ?? []) }));
}

function sortBySize(groups: ReadonlyMap<string, readonly TextRecord[]>): string[] {
  return [...groups].sort(([a, p], [b, q]) => q.length - p.length || (a < b ? -1 : 1)).map(([name]) => name);
}

const HEIGHTS = [6, 8, 10, 14, 20, 30] as const;

/** Names of the groups by character height, smallest first. */
export const HEIGHT_GROUPS = [undefined, ...HEIGHTS].map((from, at) => nameHeights(from, HEIGHTS[at]));

/** The group of a text by the height of its characters. */
export function nameHeightGroup({ charHeight }: TextRecord): string {
  const from = HEIGHTS.findLast((height) => charHeight >= height);
  const to = HEIGHTS.find((height) => charHeight < height);
  return nameHeights(from, to);
}

function nameHeights(from: number | undefined, to: number | undefined): string {
  if (from === undefined) return `below ${to} px`;
  return to === undefined ? `${from} px and more` : `${from}–${to} px`;
}
