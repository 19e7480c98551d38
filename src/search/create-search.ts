import type { Reason, SearchAnswer } from '../contract/api/search.ts';
import { normalizePlate } from '../contract/plate-text.ts';
import { plausibleSpan } from '../contract/plausible-time.ts';
import type { NearMatch, SearchEngine } from './engine.ts';
import { explainPattern, type PatternMatch } from './explain-pattern.ts';
import { fillBuckets } from './fill-buckets.ts';
import { findNear, searchFuzzy } from './fuzzy.ts';
import { searchLikely } from './likelihood-search.ts';
import { decodePlace, encodePlace } from './place.ts';
import { type ParsedQuery, parseQuery } from './query.ts';
import type { CountQuery, Search, SearchFilter, SearchQuery } from './search.ts';

/**
 * Builds Search on an engine. The meaning of queries, the order of hits and the reasons are the same for every engine.
 */
export function createSearch(engine: SearchEngine): Search {
  return {
    async search(asked) {
      const query = withinSpan(asked);
      if (query.q === undefined) return findNewest(engine, query);
      const parsed = parseQuery(query.q, query.mode);
      const answer = await searchAs(engine, query, parsed);
      if (answer.results.length > 0 || parsed.mode !== 'fuzzy' || query.mode !== 'auto') return answer;
      // No whole plate is near: the query may be a long part of one.
      return findNewest(engine, query, { text: parsed.text, mode: 'contains' });
    },
    async facets(asked) {
      const query = withinSpan(asked);
      return engine.countFacets(await matchOf(engine, query), query);
    },
    async analytics(asked) {
      const query = withinSpan(asked);
      const { bucket } = query;
      return fillBuckets(await engine.countOverTime(await matchOf(engine, query), query, bucket), bucket);
    },
  };
}

/** Events of impossible times are found by whoever names such a time. */
function withinSpan<Query extends SearchFilter>(query: Query): Query {
  const { from, to } = plausibleSpan(Date.now());
  return { ...query, from: query.from ?? from, to: query.to ?? to };
}

function searchAs(engine: SearchEngine, query: SearchQuery, { text, mode }: ParsedQuery): Promise<SearchAnswer> {
  if (mode === 'fuzzy') return searchFuzzy(engine, query, text);
  if (mode === 'likelihood') return searchLikely(engine, query, text);
  return findNewest(engine, query, { text, mode });
}

const BY_FILTER: Readonly<{ score: number; reason: Reason }> = {
  score: 1,
  reason: { kind: 'filter', distance: 0, detail: 'passes the filter' },
};

/** Newest first: what the match finds, or without one whatever passes the filter. */
async function findNewest(engine: SearchEngine, query: SearchQuery, match?: PatternMatch): Promise<SearchAnswer> {
  const after = query.cursor === undefined ? undefined : decodePlace(query.cursor);
  const found = await engine.findPattern(match, query, { limit: query.limit + 1, after });
  const shown = found.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    results: shown.map((event) => ({
      event,
      ...(match ? explainPattern(normalizePlate(event.plate.text_normalized), match) : BY_FILTER),
    })),
    next:
      found.length > shown.length && last ? encodePlace({ rank: 0, at: last.detected_at, id: last.event_id }) : null,
    mode: match?.mode ?? 'filter',
  };
}

/** The match of a search for the same query. */
async function matchOf(engine: SearchEngine, query: CountQuery): Promise<PatternMatch | NearMatch | undefined> {
  if (query.q === undefined) return undefined;
  const { text, mode } = parseQuery(query.q, query.mode);
  if (mode !== 'fuzzy' && mode !== 'likelihood') return { text, mode };
  const { match } = await findNear(engine, { text, scope: query.scope });
  if (query.mode !== 'auto' || (await engine.countFacets(match, query)).events > 0) return match;
  return { text, mode: 'contains' };
}
