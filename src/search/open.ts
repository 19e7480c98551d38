import type { Sql } from '../db/sql.ts';
import type { Search } from './search.ts';
import { openTrigramSearch } from './trigram.ts';

/** Opens the search that works inside the database. */
export async function openSearch(options: Readonly<{ sql: Sql }>): Promise<Search> {
  return openTrigramSearch(options.sql);
}
