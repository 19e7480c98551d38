import type { Reason, SearchAnswer } from '../contract/api/search.ts';
import { dropUmlauts } from '../contract/plate-text.ts';

/** A query that the text itself must match: letters and digits, and in a wildcard also `?` and `*`. */
export type PatternMatch = Readonly<{
  text: string;
  mode: Exclude<SearchAnswer['mode'], 'fuzzy' | 'likelihood' | 'filter'>;
}>;

/** Why a text matches, and what share of it the query covers. */
export function explainPattern(found: string, match: PatternMatch): Readonly<{ score: number; reason: Reason }> {
  const { text, mode } = match;
  const known = mode === 'wildcard' ? text.replace(/[?*]/g, '').length : text.length;
  const distance = Math.max(0, found.length - known);
  const score = found.length === 0 ? 0 : Math.min(1, known / found.length);
  if (dropUmlauts(found) === dropUmlauts(text))
    return { score, reason: { kind: 'exact', distance: 0, detail: 'the whole text' } };
  return { score, reason: { kind: mode, distance, detail: describe(found, match) } };
}

function describe(found: string, { text, mode }: PatternMatch): string {
  switch (mode) {
    case 'exact':
      return 'the whole text';
    case 'prefix':
      return `begins with ${text}`;
    case 'suffix':
      return `ends with ${text}`;
    case 'contains':
      return `${text} at ${dropUmlauts(found).indexOf(dropUmlauts(text)) + 1}`;
    case 'wildcard':
      return `fits ${text}`;
  }
}
