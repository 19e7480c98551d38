import type { PlateEvent } from '../contract/plate-event.ts';

export const SEARCH_MODES = ['auto', 'exact', 'prefix', 'suffix', 'contains', 'wildcard', 'fuzzy'] as const;

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
] as const;

/** Why an event was found: the kind, how many characters differ, and which ones in words (`8↔B at 3`). */
export type Reason = Readonly<{ kind: (typeof REASON_KINDS)[number]; distance: number; detail: string }>;

export type SearchQuery = Readonly<{
  /** As a person wrote it: case, spaces and dashes do not matter; `?` is one character, `*` any number. */
  q: string;
  mode: SearchMode;
  camera?: string | undefined;
  /** First and last moment of `detected_at`, ISO 8601. */
  from?: string | undefined;
  to?: string | undefined;
  minConfidence?: number | undefined;
  limit: number;
  cursor?: string | undefined;
}>;

/** One event found: score 0–1 (1 is an exact match), best first, newest first among equals. */
export type Hit = Readonly<{ event: PlateEvent; score: number; reason: Reason }>;

export type SearchAnswer = Readonly<{
  results: readonly Hit[];
  next: string | null;
  mode: Exclude<SearchMode, 'auto'>;
}>;

/** Finds events by what their plate says. A query or cursor that cannot be meant is refused with INPUT_INVALID. */
export interface Search {
  search(query: SearchQuery): Promise<SearchAnswer>;
}
