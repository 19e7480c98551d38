import { foldPlate, listSpellings } from '../../contract/plate-text.ts';
import type { NearMatch } from '../engine.ts';
import type { PatternMatch } from '../explain-pattern.ts';
import type { Bindings } from './filter.ts';

/** The condition on the text, as SQL on plate_events. */
export function matchCondition(match: PatternMatch | NearMatch, bindings: Bindings): string {
  if (match.mode === 'near') {
    const [texts, folded] = [bindings.bind(match.texts), bindings.bind(match.folded)];
    return `(text_normalized = ANY (${texts}::text[]) OR candidates @> ARRAY[${folded}]::text[])`;
  }
  const spellings = listSpellings(match.text);
  if (match.mode === 'exact') return `text_normalized = ANY (${bindings.bind(spellings)}::text[])`;
  const patterns = spellings.map((text) => patternOf({ ...match, text }));
  const either = (conditions: readonly string[]) => `(${conditions.join(' OR ')})`;
  // Beginnings have an index of their own.
  if (match.mode === 'prefix') return either(patterns.map((like) => `text_normalized LIKE ${bindings.bind(like)}`));
  const conditions = patterns.map(
    (like) => `(folded LIKE ${bindings.bind(foldPlate(like))} AND text LIKE ${bindings.bind(like)})`,
  );
  return `text_normalized IN (SELECT text FROM plate_texts WHERE ${either(conditions)})`;
}

/** Queries contain only letters and digits, which mean nothing special to LIKE. */
function patternOf({ text, mode }: PatternMatch): string {
  switch (mode) {
    case 'exact':
      return text;
    case 'prefix':
      return `${text}%`;
    case 'suffix':
      return `%${text}`;
    case 'contains':
      return `%${text}%`;
    case 'wildcard':
      return text.replaceAll('?', '_').replaceAll('*', '%');
  }
}
