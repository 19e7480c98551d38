import { distance } from 'fastest-levenshtein';
import { foldPlate } from '../../contract/plate-text.ts';
import type { Near } from '../engine.ts';
import { listDeletions } from '../near-texts.ts';
import type { Ask } from './ask.ts';
import { allOf, scopeClauses } from './query.ts';

/** Most different texts that come up as near; the nearest of them are compared. */
const MAX_NEAR = 5000;

/**
 * Finds texts that leave the same remainder as the query when characters are deleted. That is a few term look-ups,
 * however many texts there are, where a fuzzy query walks through all terms that begin alike. Texts that are too far
 * away are removed here.
 */
export async function findNearTexts(ask: Ask, { folded, budget, scope }: Near): Promise<readonly string[]> {
  const { aggregations } = await ask<unknown, { texts: { buckets: readonly { key: string }[] } }>({
    size: 0,
    track_total_hits: false,
    query: allOf([
      budget === 0 ? { term: { folded } } : { terms: { near: listDeletions(folded) } },
      ...scopeClauses(scope),
    ]),
    // By value, because the alternative (global ordinals) takes longer to build than the search, and again after each refresh.
    aggs: { texts: { terms: { field: 'text', size: MAX_NEAR, execution_hint: 'map' } } },
  });
  const found = aggregations?.texts.buckets.map(({ key }) => key) ?? [];
  return found.filter((text) => distance(foldPlate(text), folded) <= budget);
}
