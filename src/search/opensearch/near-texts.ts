import { distance } from 'fastest-levenshtein';
import { foldPlate } from '../../contract/plate-text.ts';
import type { Near } from '../engine.ts';
import { listDeletions } from '../near-texts.ts';
import type { Ask } from './ask.ts';
import { allOf } from './query.ts';

/** Most different texts that come up as near; the nearest of them are compared. */
const MAX_NEAR = 5000;

/**
 * Texts that leave the same as the query when characters are deleted: a few terms that are looked up, however many texts
 * there are, where a fuzzy query walks through all terms that begin likewise. Those that are further away are sorted out here.
 */
export async function findNearTexts(ask: Ask, { folded, budget }: Near): Promise<readonly string[]> {
  const { aggregations } = await ask<unknown, { texts: { buckets: readonly { key: string }[] } }>({
    size: 0,
    track_total_hits: false,
    query: allOf([budget === 0 ? { term: { folded } } : { terms: { near: listDeletions(folded) } }]),
    // By value: the numbering of all texts that is built otherwise takes longer than the search, and anew with each refresh.
    aggs: { texts: { terms: { field: 'text', size: MAX_NEAR, execution_hint: 'map' } } },
  });
  const found = aggregations?.texts.buckets.map(({ key }) => key) ?? [];
  return found.filter((text) => distance(foldPlate(text), folded) <= budget);
}
