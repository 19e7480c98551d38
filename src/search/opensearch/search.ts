import type { PlateEvent } from '../../contract/plate-event.ts';
import type { OpenSearchConfig } from '../config.ts';
import type { Near, TimePlace } from '../engine.ts';
import type { PatternMatch } from '../explain-pattern.ts';
import type { Cluster } from '../opensearch.ts';
import type { Search, SearchFilter } from '../search.ts';
import { openSearchOver } from '../search-over.ts';
import { type Ask, type EventSource, openAsk } from './ask.ts';
import { countFacets, countOverTime } from './count.ts';
import { allOf, filterClauses, matchClause, NEWEST_FIRST } from './query.ts';
import { findRanked } from './ranked.ts';
import { findReads } from './reads.ts';

/** Most different texts that come up as near; the nearest of them are compared. */
const MAX_NEAR = 5000;

/** Search in OpenSearch. An index that is not there yet holds nothing. */
export function openClusterSearch(cluster: Cluster, config: OpenSearchConfig): Search {
  const ask = openAsk(cluster, config.index);
  return openSearchOver({
    nearTexts: (near) => findNearTexts(ask, near),
    findPattern: (match, filter, page) => findPattern(ask, { match, filter, ...page }),
    findRanked: (ranks, filter, page) => findRanked(ask, { ranks, filter, ...page }),
    findReads: (wanted, filter) => findReads(ask, wanted, filter),
    readEvents: (places) => readEvents(ask, places),
    countFacets: (match, filter) => countFacets(ask, match, filter),
    countOverTime: (match, filter, bucket) => countOverTime(ask, { match, filter, bucket }),
  });
}

async function findNearTexts(ask: Ask, { folded, budget }: Near): Promise<readonly string[]> {
  const fuzzy = { value: folded, fuzziness: budget, transpositions: false, rewrite: 'constant_score' };
  const { aggregations } = await ask<unknown, { texts: { buckets: readonly { key: string }[] } }>({
    size: 0,
    track_total_hits: false,
    query: allOf([budget === 0 ? { term: { folded } } : { fuzzy: { folded: fuzzy } }]),
    aggs: { texts: { terms: { field: 'text', size: MAX_NEAR } } },
  });
  return aggregations?.texts.buckets.map(({ key }) => key) ?? [];
}

type Wanted = Readonly<{ match: PatternMatch; filter: SearchFilter; limit: number; after?: TimePlace | undefined }>;

async function findPattern(ask: Ask, { match, filter, limit, after }: Wanted): Promise<readonly PlateEvent[]> {
  const { hits } = await ask<EventSource>({
    size: limit,
    track_total_hits: false,
    _source: ['event'],
    query: allOf([matchClause(match), ...filterClauses(filter)]),
    sort: NEWEST_FIRST,
    ...(after && { search_after: [Date.parse(after.at), after.id] }),
  });
  return hits.map(({ _source }) => _source.event);
}

async function readEvents(ask: Ask, places: readonly TimePlace[]): Promise<readonly PlateEvent[]> {
  if (places.length === 0) return [];
  const { hits } = await ask<EventSource>({
    size: places.length,
    track_total_hits: false,
    _source: ['event'],
    query: { ids: { values: places.map(({ id }) => id) } },
  });
  return hits.map(({ _source }) => _source.event);
}
