import { AlprError } from '../base/errors.ts';
import type { Sql } from '../db/sql.ts';
import type { SearchConfig } from './config.ts';
import type { Search, SearchHealth } from './search.ts';
import type { SearchIndex } from './search-index.ts';

/** Opens the search that the configuration names. */
export async function openSearch({
  config,
  sql,
}: Readonly<{ config: SearchConfig; sql: Sql }>): Promise<Search & SearchHealth & AsyncDisposable> {
  switch (config.kind) {
    case 'postgres': {
      const { openTrigramSearch } = await import('./trigram.ts');
      const ping = async () => void (await sql.query('SELECT 1'));
      return { ...openTrigramSearch(sql), kind: config.kind, ping, [Symbol.asyncDispose]: async () => {} };
    }
    case 'opensearch': {
      const { openCluster } = await import('./opensearch.ts');
      const [{ openClusterSearch }, { openAsk }] = await Promise.all([
        import('./opensearch/search.ts'),
        import('./opensearch/ask.ts'),
      ]);
      const cluster = openCluster(config);
      const ask = openAsk(cluster, config.index);
      const ping = async () => void (await ask({ size: 0, terminate_after: 1, track_total_hits: false }));
      const close = () => cluster[Symbol.asyncDispose]();
      return { ...openClusterSearch(cluster, config), kind: config.kind, ping, [Symbol.asyncDispose]: close };
    }
  }
}

/**
 * Opens the index that events must be written to before search finds them; CONFIG_INVALID if search uses the database. Months
 * are deleted once all of their events are older than `retentionDays`.
 */
export async function openSearchIndex(config: SearchConfig, retentionDays: number | null = null): Promise<SearchIndex> {
  switch (config.kind) {
    case 'postgres':
      throw new AlprError(
        'CONFIG_INVALID',
        'Expected search.kind opensearch; the database itself is searched, so that there is nothing to index',
      );
    case 'opensearch': {
      const { openCluster } = await import('./opensearch.ts');
      const { openClusterIndex } = await import('./opensearch/write.ts');
      return openClusterIndex(openCluster(config), { ...config, retentionDays });
    }
  }
}
