import { AlprError } from '../base/errors.ts';
import type { SearchMode } from '../contract/api/search.ts';
import { spellPlate } from '../contract/plate-text.ts';

const MAX_LENGTH = 32;
const SEPARATORS = /[\s\-.·•_/]/g;

/** A parsed query: its letters and digits (with `?` and `*` in a wildcard) and its mode. */
export type ParsedQuery = Readonly<{ text: string; mode: Exclude<SearchMode, 'auto'> }>;

/**
 * Upper-cases a query, removes separators, and settles `auto`: wildcard if `?` or `*` is used, contains up to four
 * characters (part of a plate), fuzzy above (which includes exact hits). No text is alike to a pattern, so `fuzzy` and
 * `likelihood` take one for a wildcard.
 */
export function parseQuery(q: string, mode: SearchMode): ParsedQuery {
  const text = spellPlate(q).replace(SEPARATORS, '');
  const settled = mode === 'auto' || isPattern(text, mode) ? chooseMode(text) : mode;
  const allowed = settled === 'wildcard' ? /^[\p{L}\p{N}?*]+$/u : /^[\p{L}\p{N}]+$/u;
  if (text.length <= MAX_LENGTH && allowed.test(text) && /[\p{L}\p{N}]/u.test(text)) return { text, mode: settled };
  throw new AlprError(
    'INPUT_INVALID',
    `Expected 1 to ${MAX_LENGTH} letters and digits${settled === 'wildcard' ? ', ? and *' : ' (? and * in mode wildcard)'}`,
  );
}

function isPattern(text: string, mode: SearchMode): boolean {
  return (mode === 'fuzzy' || mode === 'likelihood') && /[?*]/.test(text);
}

function chooseMode(text: string): ParsedQuery['mode'] {
  if (/[?*]/.test(text)) return 'wildcard';
  return text.length <= 4 ? 'contains' : 'fuzzy';
}
