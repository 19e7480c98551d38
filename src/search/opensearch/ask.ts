import type { PlateEvent } from '../../contract/plate-event.ts';
import type { Cluster } from '../opensearch.ts';

export type EventSource = Readonly<{ event: PlateEvent }>;

export type FoundDocument<Source> = Readonly<{
  _source: Source;
  _score: number | null;
  inner_hits?: Readonly<Record<string, Readonly<{ hits: Readonly<{ hits: readonly FoundDocument<Source>[] }> }>>>;
}>;

export type Found<Source, Counted> = Readonly<{
  hits: readonly FoundDocument<Source>[];
  total: number;
  /** Absent where there is no index yet. */
  aggregations: Counted | undefined;
}>;

/** Asks the searched indices; those that are not there hold nothing. */
export type Ask = <Source, Counted = never>(body: object) => Promise<Found<Source, Counted>>;

type Body<Source, Counted> = Readonly<{
  hits: Readonly<{ total?: Readonly<{ value: number }>; hits: readonly FoundDocument<Source>[] }>;
  aggregations?: Counted;
}>;

/** Searches under an alias, before its first index too. */
export function openAsk(cluster: Cluster, alias: string): Ask {
  return async <Source, Counted>(body: object) => {
    const answer = await cluster.request<Body<Source, Counted>>({
      method: 'POST',
      path: `/${alias}/_search`,
      query: { ignore_unavailable: 'true', allow_no_indices: 'true' },
      body,
    });
    const { hits, aggregations } = answer.body;
    return { hits: hits.hits, total: hits.total?.value ?? 0, aggregations };
  };
}
