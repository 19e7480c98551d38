import type { PlateEvent } from '../../contract/plate-event.ts';
import type { OpenSearchConfig } from '../config.ts';
import { createSearch } from '../create-search.ts';
import type { TimePlace } from '../engine.ts';
import type { PatternMatch } from '../explain-pattern.ts';
import type { Cluster } from '../opensearch.ts';
import type { Search, SearchFilter } from '../search.ts';
import { type Ask, type EventHit, openAsk } from './ask.ts';
import { countFacets, countOverTime } from './count.ts';
import { monthOf, NO_MONTH } from './document.ts';
import { findNearTexts } from './near-texts.ts';
import { allOf, filterClauses, matchClause, NEWEST_FIRST } from './query.ts';
import { findRanked } from './ranked.ts';
import { findReads } from './reads.ts';

/** Search in OpenSearch. A missing index counts as empty. */
export function openClusterSearch(cluster: Cluster, config: OpenSearchConfig): Search {
  const ask = openAsk(cluster, config.index);
  return createSearch({
    nearTexts: (near) => findNearTexts(ask, near),
    findPattern: (match, filter, page) => findPattern(ask, { match, filter, ...page }),
    findRanked: (ranks, filter, page) => findRanked(ask, { ranks, filter, ...page }),
    findReads: (wanted, filter) => findReads(ask, wanted, filter),
    readEvents: (places) => readEvents(cluster, config.index, places),
    countFacets: (match, filter) => countFacets(ask, match, filter),
    countOverTime: (match, filter, bucket) => countOverTime(ask, { match, filter, bucket }),
  });
}

type Wanted = Readonly<{
  match: PatternMatch | undefined;
  filter: SearchFilter;
  limit: number;
  after?: TimePlace | undefined;
}>;

async function findPattern(ask: Ask, { match, filter, limit, after }: Wanted): Promise<readonly PlateEvent[]> {
  const { hits } = await ask<EventHit>({
    size: limit,
    track_total_hits: false,
    query: allOf([...(match ? [matchClause(match)] : []), ...filterClauses(filter)]),
    sort: NEWEST_FIRST,
    ...(after && { search_after: [Date.parse(after.at), after.id] }),
  });
  return hits.map(({ _source }) => _source.event);
}

type Got = Readonly<{ docs: readonly Readonly<{ _source?: EventHit['_source'] }>[] }>;

/**
 * Reads events by month and id; a search by id alone would look in every month. One that was ahead of its time when it was
 * written stays where it is when the time has come.
 */
async function readEvents(
  cluster: Cluster,
  alias: string,
  places: readonly TimePlace[],
): Promise<readonly PlateEvent[]> {
  if (places.length === 0) return [];
  const docs = places.flatMap(({ at, id }) =>
    [...new Set([monthOf({ detected_at: at }), NO_MONTH])].map((month) => ({ _index: `${alias}-${month}`, _id: id })),
  );
  // Only refreshed documents are found.
  const query = { realtime: 'false' };
  const { body } = await cluster.request<Got>({ method: 'POST', path: '/_mget', query, body: { docs } });
  return body.docs.flatMap(({ _source }) => (_source ? [_source.event] : []));
}
