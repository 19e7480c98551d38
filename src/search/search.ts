import type { PlateEvent } from '../contract/plate-event.ts';

export const SEARCH_MODES = [
  'auto',
  'exact',
  'prefix',
  'suffix',
  'contains',
  'wildcard',
  'fuzzy',
  'likelihood',
] as const;

/** How a query is meant; `auto` decides by the query itself. */
export type SearchMode = (typeof SEARCH_MODES)[number];

export const REASON_KINDS = [
  'exact',
  'prefix',
  'suffix',
  'contains',
  'wildcard',
  'lookalike',
  'edit',
  'candidate',
  'alternative',
] as const;

/** Why an event was found: the kind, how many characters differ, and which ones in words (`8↔B at 3`). */
export type Reason = Readonly<{ kind: (typeof REASON_KINDS)[number]; distance: number; detail: string }>;

/** What events must be besides their text. */
export type SearchFilter = Readonly<{
  camera?: string | undefined;
  site?: string | undefined;
  /** Region of the plate, as events name it. */
  region?: string | undefined;
  /** Class of the vehicle, as events name it. */
  vehicle?: string | undefined;
  /** First and last moment of `detected_at`, ISO 8601. */
  from?: string | undefined;
  to?: string | undefined;
  minConfidence?: number | undefined;
}>;

export type SearchQuery = SearchFilter &
  Readonly<{
    /** As a person wrote it: case, spaces and dashes do not matter; `?` is one character, `*` any number. */
    q: string;
    mode: SearchMode;
    limit: number;
    cursor?: string | undefined;
  }>;

/**
 * One event found: best first, newest first among equals. The score is 0–1: in mode likelihood the probability that the
 * plate is the one asked for, in all others 1 for an exact match.
 */
export type Hit = Readonly<{ event: PlateEvent; score: number; reason: Reason }>;

/** A mode that was settled on. */
export type SettledMode = Exclude<SearchMode, 'auto'>;

export type SearchAnswer = Readonly<{ results: readonly Hit[]; next: string | null; mode: SettledMode }>;

/** Which events are counted: all that the filter lets through, or those of them that a search for `q` finds. */
export type CountQuery = SearchFilter & Readonly<{ q?: string | undefined; mode: SearchMode }>;

export type Count = Readonly<{ value: string; events: number }>;

/** Events counted by what they have in common, most first; `hours` by hour of the day in UTC, in order. */
export type Facets = Readonly<{
  events: number;
  cameras: readonly Count[];
  sites: readonly Count[];
  regions: readonly Count[];
  vehicles: readonly Count[];
  hours: readonly Count[];
}>;

export const BUCKETS = ['hour', 'day', 'week', 'month'] as const;

/** A span of UTC's calendar; weeks begin on Monday. */
export type Bucket = (typeof BUCKETS)[number];

/** Events in one bucket, which begins at `at`. */
export type Reads = Readonly<{ at: string; events: number; mean_confidence: number | null }>;

/** What finds events, and whether it is there. */
export type SearchEngine = Readonly<{
  kind: 'postgres' | 'opensearch';
  /** Resolves when a search would be answered now; rejects with what a search would. */
  ping: () => Promise<void>;
}>;

/**
 * Finds events by what their plate says, and counts them. Retracted events are neither found nor counted. A query or cursor
 * that cannot be meant is refused with INPUT_INVALID; SEARCH_UNAVAILABLE or DATABASE_UNAVAILABLE while the engine is away.
 */
export interface Search {
  search(query: SearchQuery): Promise<SearchAnswer>;
  facets(query: CountQuery): Promise<Facets>;
  /** Events over time: every bucket from the first to the last that has any, empty ones too. */
  analytics(query: CountQuery & Readonly<{ bucket: Bucket }>): Promise<readonly Reads[]>;
}
