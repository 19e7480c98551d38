import { foldPlate } from '../../contract/plate-text.ts';
import type { NearMatch } from '../engine.ts';
import type { PatternMatch } from '../explain-pattern.ts';
import type { Bindings } from './filter.ts';

/** The condition on the text, as SQL on plate_events. */
export function matchCondition(match: PatternMatch | NearMatch, bindings: Bindings): string {
  if (match.mode === 'near') {
    const [texts, folded] = [bindings.bind(match.texts), bindings.bind(match.folded)];
    return `(text_normalized = ANY (${texts}::text[]) OR candidates @> ARRAY[${folded}]::text[])`;
  }
  if (match.mode === 'exact') return `text_normalized = ${bindings.bind(match.text)}`;
  const pattern = patternOf(match);
  const like = bindings.bind(pattern);
  // Beginnings have an index of their own.
  if (match.mode === 'prefix') return `text_normalized LIKE ${like}`;
  const folded = bindings.bind(foldPlate(pattern));
  return `text_normalized IN (SELECT text FROM plate_texts WHERE folded LIKE ${folded} AND text LIKE ${like})`;
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
