import { AlprError } from '../base/errors.ts';
import type { Sql } from '../db/sql.ts';
import type { SearchConfig } from './config.ts';
import type { Search } from './search.ts';
import type { SearchIndex } from './search-index.ts';

/** Opens the search that the configuration names. */
export async function openSearch({
  config,
  sql,
}: Readonly<{ config: SearchConfig; sql: Sql }>): Promise<Search & AsyncDisposable> {
  switch (config.kind) {
    case 'postgres': {
      const { openTrigramSearch } = await import('./trigram.ts');
      return { ...openTrigramSearch(sql), [Symbol.asyncDispose]: async () => {} };
    }
    case 'opensearch': {
      const { openCluster } = await import('./opensearch.ts');
      const { openClusterSearch } = await import('./opensearch/search.ts');
      const cluster = openCluster(config);
      return { ...openClusterSearch(cluster, config), [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose]() };
    }
  }
}

/** Opens the index that events must be written to before they are found; CONFIG_INVALID where the database is searched. */
export async function openSearchIndex(config: SearchConfig): Promise<SearchIndex> {
  switch (config.kind) {
    case 'postgres':
      throw new AlprError(
        'CONFIG_INVALID',
        'Expected search.kind opensearch; the database itself is searched, so that there is nothing to index',
      );
    case 'opensearch': {
      const { openCluster } = await import('./opensearch.ts');
      const { openClusterIndex } = await import('./opensearch/write.ts');
      return openClusterIndex(openCluster(config), config);
    }
  }
}
