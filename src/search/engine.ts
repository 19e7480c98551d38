import type { Scope } from '../contract/access.ts';
import type { Bucket, BucketCount, Facets } from '../contract/api/search.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { ReadParts } from '../contract/stored-read.ts';
import type { PatternMatch } from './explain-pattern.ts';
import type { SearchFilter } from './search.ts';

/** Most texts that one query is compared with. */
export const MAX_TEXTS = 500;
/** Most values that a facet lists. */
export const MAX_VALUES = 100;

/** Where a newest-first list continues: below this time and id. */
export type TimePlace = Readonly<{ at: string; id: string }>;

/** Matches events whose text is one of `texts`, or that list `folded` as another possible reading. */
export type NearMatch = Readonly<{ mode: 'near'; texts: readonly string[]; folded: string }>;

/** Which texts are near: within `budget` edits of `folded`, look-alikes counting as equal, and read where the scope admits. */
export type Near = Readonly<{ folded: string; budget: 0 | 1 | 2; scope: Scope }>;

/** Texts grouped by their cost, and the cost of events that only list the query as another possible reading. */
export type Ranks = Readonly<{
  match: NearMatch;
  texts: readonly Readonly<{ text: string; cost: number }>[];
  candidateCost: number;
}>;

export type Costed = Readonly<{ event: PlateEvent; cost: number }>;

/** The parts of an event that likelihood is computed from. */
export type StoredParts = ReadParts & TimePlace;

/**
 * The reads that likelihood compares: the newest of exactly this text, of each near text, and of candidates; later
 * pages only look at reads up to `until`.
 */
export type ReadsWanted = Readonly<{
  text: string;
  match: NearMatch;
  until: string | undefined;
  most: Readonly<{ exact: number; ofText: number; near: number; candidates: number }>;
}>;

/**
 * What an engine must be able to do so that `createSearch` makes a Search of it. Lists are newest first (detected_at, then
 * event_id), never hold retracted events, and hold at most `limit`.
 */
export interface SearchEngine {
  nearTexts(near: Near): Promise<readonly string[]>;
  /** Without a match whatever passes the filter. */
  findPattern(
    match: PatternMatch | undefined,
    filter: SearchFilter,
    page: Readonly<{ limit: number; after?: TimePlace | undefined }>,
  ): Promise<readonly PlateEvent[]>;
  /** By cost, then newest first. */
  findRanked(
    ranks: Ranks,
    filter: SearchFilter,
    page: Readonly<{ limit: number; after?: (TimePlace & Readonly<{ cost: number }>) | undefined }>,
  ): Promise<readonly Costed[]>;
  findReads(wanted: ReadsWanted, filter: SearchFilter): Promise<readonly StoredParts[]>;
  /** These events in any order; those that are gone are left out. */
  readEvents(places: readonly TimePlace[]): Promise<readonly PlateEvent[]>;
  countFacets(match: PatternMatch | NearMatch | undefined, filter: SearchFilter): Promise<Facets>;
  /** Buckets that have events, in order. */
  countOverTime(
    match: PatternMatch | NearMatch | undefined,
    filter: SearchFilter,
    bucket: Bucket,
  ): Promise<readonly BucketCount[]>;
}
