import type { Sql } from '../db/sql.ts';
import { encodePlace } from './filter.ts';
import { searchFuzzy } from './fuzzy.ts';
import { searchPattern } from './pattern.ts';
import { parseQuery } from './query.ts';
import type { Search } from './search.ts';

/** Search inside PostgreSQL, by its B-tree and pg_trgm indexes. */
export function openTrigramSearch(sql: Sql): Search {
  return {
    async search(query) {
      let { text, mode } = parseQuery(query.q, query.mode);
      let hits =
        mode === 'fuzzy' ? await searchFuzzy(sql, query, text) : await searchPattern(sql, query, { text, mode });
      if (hits.length === 0 && mode === 'fuzzy' && query.mode === 'auto') {
        // No whole plate is near: it may be a long part of one.
        mode = 'contains';
        hits = await searchPattern(sql, query, { text, mode });
      }
      const shown = hits.slice(0, query.limit);
      const last = shown.at(-1);
      const more = hits.length > query.limit && last;
      return {
        results: shown.map(({ event, score, reason }) => ({ event, score, reason })),
        next: more ? encodePlace({ cost: last.cost, at: last.event.detected_at, id: last.event.event_id }) : null,
        mode,
      };
    },
  };
}
