import type { Sql } from '../db/sql.ts';
import { createSearch } from './create-search.ts';
import type { Search } from './search.ts';
import { countFacets, countOverTime } from './sql/count.ts';
import { findNearTexts } from './sql/near-texts.ts';
import { findPattern } from './sql/pattern.ts';
import { findRanked } from './sql/ranked.ts';
import { findReads, readEvents } from './sql/reads.ts';

/** Search inside PostgreSQL, by its B-tree, pg_trgm and array indexes. */
export function openTrigramSearch(sql: Sql): Search {
  return createSearch({
    nearTexts: (near) => findNearTexts(sql, near),
    findPattern: (match, filter, page) => findPattern(sql, { match, filter, ...page }),
    findRanked: (ranks, filter, page) => findRanked(sql, { ranks, filter, ...page }),
    findReads: (wanted, filter) => findReads(sql, wanted, filter),
    readEvents: (places) => readEvents(sql, places),
    countFacets: (match, filter) => countFacets(sql, match, filter),
    countOverTime: (match, filter, bucket) => countOverTime(sql, { match, filter, bucket }),
  });
}
