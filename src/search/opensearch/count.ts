import type { Bucket, BucketCount, Facets } from '../../contract/api/search.ts';
import { MAX_VALUES, type NearMatch } from '../engine.ts';
import type { PatternMatch } from '../explain-pattern.ts';
import type { SearchFilter } from '../search.ts';
import type { Ask } from './ask.ts';
import { allOf, filterClauses, matchClause } from './query.ts';

type Match = PatternMatch | NearMatch | undefined;
type Terms = Readonly<{ buckets: readonly Readonly<{ key: string; doc_count: number }>[] }>;
type Values = Omit<Facets, 'events'>;
type Spans = Readonly<{
  buckets: readonly Readonly<{ key: number; doc_count: number; mean: Readonly<{ value: number | null }> }>[];
}>;

/** Counts by all facets in one request. */
export async function countFacets(ask: Ask, match: Match, filter: SearchFilter): Promise<Facets> {
  const terms = (field: string) => ({ terms: { field, size: MAX_VALUES } });
  const { total, aggregations } = await ask<unknown, Record<keyof Values, Terms>>({
    size: 0,
    track_total_hits: true,
    query: queryOf(match, filter),
    aggs: {
      cameras: terms('camera'),
      sites: terms('site'),
      regions: terms('region'),
      vehicles: terms('vehicle'),
      hours: { terms: { field: 'hour', size: 24, order: { _key: 'asc' } } },
    },
  });
  const of = (facet: keyof Values) =>
    aggregations?.[facet].buckets.map(({ key, doc_count }) => ({ value: key, events: doc_count })) ?? [];
  return {
    events: total,
    cameras: of('cameras'),
    sites: of('sites'),
    regions: of('regions'),
    vehicles: of('vehicles'),
    hours: of('hours'),
  };
}

/** Counts by spans of UTC's calendar. */
export async function countOverTime(
  ask: Ask,
  { match, filter, bucket }: Readonly<{ match: Match; filter: SearchFilter; bucket: Bucket }>,
): Promise<BucketCount[]> {
  const { aggregations } = await ask<unknown, { spans: Spans }>({
    size: 0,
    track_total_hits: false,
    query: queryOf(match, filter),
    aggs: {
      spans: {
        date_histogram: { field: 'detected_at', calendar_interval: bucket, min_doc_count: 1 },
        aggs: { mean: { avg: { field: 'confidence' } } },
      },
    },
  });
  return (aggregations?.spans.buckets ?? []).map(({ key, doc_count, mean }) => ({
    at: new Date(key).toISOString(),
    events: doc_count,
    mean_confidence: mean.value === null ? null : Number(mean.value.toFixed(4)),
  }));
}

function queryOf(match: Match, filter: SearchFilter) {
  return allOf([...(match === undefined ? [] : [matchClause(match)]), ...filterClauses(filter)]);
}
