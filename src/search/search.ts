import type { Scope } from '../contract/access.ts';
import type { Bucket, BucketCount, Facets, SearchAnswer, SearchMode } from '../contract/api/search.ts';
import type { SearchConfig } from './config.ts';

/** Conditions on events besides their text. */
export type SearchFilter = Readonly<{
  /** What the searcher may see; nothing else leaves a trace in any answer. */
  scope: Scope;
  camera?: string | undefined;
  site?: string | undefined;
  /** Region of the plate, as events name it. */
  region?: string | undefined;
  /** Class of the vehicle, as events name it. */
  vehicle?: string | undefined;
  /** The name of a direction in which a line was crossed, and of a zone that the vehicle was in. */
  direction?: string | undefined;
  zone?: string | undefined;
  /** First and last moment of `detected_at`, ISO 8601. */
  from?: string | undefined;
  to?: string | undefined;
  minConfidence?: number | undefined;
}>;

export type SearchQuery = SearchFilter &
  Readonly<{
    /** As a person types it: case, spaces and dashes do not matter; `?` is one character, `*` any number. Without it the filter alone decides. */
    q?: string | undefined;
    mode: SearchMode;
    limit: number;
    cursor?: string | undefined;
  }>;

/** Which events are counted: all that pass the filter, or those of them that a search for `q` finds. */
export type CountQuery = SearchFilter & Readonly<{ q?: string | undefined; mode: SearchMode }>;

/** Which engine finds events, and whether it is there. */
export type SearchHealth = Readonly<{
  kind: SearchConfig['kind'];
  /** Resolves if a search would be answered now; otherwise rejects as a search would. */
  ping: () => Promise<void>;
}>;

/**
 * Finds events by what their plate says, best first and newest first among equals, and counts them. Retracted events are
 * neither found nor counted. A query or cursor that cannot be meant is refused with INPUT_INVALID; SEARCH_UNAVAILABLE or
 * DATABASE_UNAVAILABLE while the engine is away.
 */
export interface Search {
  search(query: SearchQuery): Promise<SearchAnswer>;
  facets(query: CountQuery): Promise<Facets>;
  /** Events over time: every bucket from the first to the last with events, including empty ones. */
  analytics(query: CountQuery & Readonly<{ bucket: Bucket }>): Promise<BucketCount[]>;
}
