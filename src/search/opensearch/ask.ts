import type { PlateEvent } from '../../contract/plate-event.ts';
import type { Cluster } from '../opensearch.ts';

/** A document that was found, with its event. */
export type EventHit = Readonly<{ _source: Readonly<{ event: PlateEvent }>; _score: number | null }>;

export type Found<Hit, Counted> = Readonly<{
  hits: readonly Hit[];
  total: number;
  /** Absent while there is no index. */
  aggregations: Counted | undefined;
}>;

/** Queries the searched indices; missing ones count as empty. */
export type Ask = <Hit, Counted = never>(body: object) => Promise<Found<Hit, Counted>>;

type Body<Hit, Counted> = Readonly<{
  hits: Readonly<{ total?: Readonly<{ value: number }>; hits: readonly Hit[] }>;
  aggregations?: Counted;
}>;

/** Searches an alias, even before its first index exists. */
export function openAsk(cluster: Cluster, alias: string): Ask {
  return async <Hit, Counted>(body: object) => {
    const answer = await cluster.request<Body<Hit, Counted>>({
      method: 'POST',
      path: `/${alias}/_search`,
      query: { ignore_unavailable: 'true', allow_no_indices: 'true' },
      body,
    });
    const { hits, aggregations } = answer.body;
    return { hits: hits.hits, total: hits.total?.value ?? 0, aggregations };
  };
}
