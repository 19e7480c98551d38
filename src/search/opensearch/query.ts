import type { Scope } from '../../contract/access.ts';
import { listSpellings } from '../../contract/plate-text.ts';
import type { NearMatch } from '../engine.ts';
import type { PatternMatch } from '../explain-pattern.ts';
import type { SearchFilter } from '../search.ts';

/** A clause of OpenSearch's query language. */
export type Clause = Readonly<Record<string, unknown>>;

/** Newest first; ids at the same moment in PostgreSQL's order. */
export const NEWEST_FIRST = [{ detected_at: 'desc' }, { event_id: 'desc' }];

/** What documents must be besides their text. */
export function filterClauses(filter: SearchFilter): Clause[] {
  const { scope, camera, site, region, vehicle, direction, zone, from, to, minConfidence } = filter;
  const clauses: Clause[] = [{ bool: { must_not: { term: { status: 'retracted' } } } }, ...scopeClauses(scope)];
  for (const [field, value] of Object.entries({ camera, site, region, vehicle, direction, zone })) {
    if (value !== undefined) clauses.push({ term: { [field]: value } });
  }
  if (from !== undefined || to !== undefined)
    clauses.push({ range: { detected_at: { gte: moment(from), lte: moment(to) } } });
  if (minConfidence !== undefined) clauses.push({ range: { confidence: { gte: minConfidence } } });
  return clauses;
}

/** What documents must be to be seen. */
export function scopeClauses(scope: Scope): Clause[] {
  if (scope === undefined) return [];
  const { cameras, sites } = scope;
  return [{ bool: { minimum_should_match: 1, should: [{ terms: { camera: cameras } }, { terms: { site: sites } }] } }];
}

/** Adds milliseconds, because missing ones would be rounded up at the end of a range. */
function moment(time: string | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

/** The condition on the text. Queries contain only letters and digits, which mean nothing special to a wildcard. */
export function matchClause(match: PatternMatch | NearMatch): Clause {
  if (match.mode === 'near') {
    return { bool: { should: [{ terms: { text: match.texts } }, { term: { candidates: match.folded } }] } };
  }
  const spellings = listSpellings(match.text);
  if (match.mode === 'exact') return { terms: { text: spellings } };
  return { bool: { should: spellings.map((text) => patternClause({ ...match, text })) } };
}

function patternClause({ text, mode }: PatternMatch): Clause {
  switch (mode) {
    case 'exact':
      return { term: { text } };
    case 'prefix':
      return { prefix: { text } };
    case 'suffix':
      return { prefix: { reversed: [...text].reverse().join('') } };
    case 'contains':
      return { wildcard: { parts: { value: `*${text}*` } } };
    case 'wildcard':
      return { wildcard: { parts: { value: text } } };
  }
}

/** Matches documents that satisfy all clauses, without scores. */
export function allOf(clauses: readonly Clause[]): Clause {
  return { bool: { filter: clauses } };
}
