import { afterAll, beforeAll } from 'vitest';
import { type OpenSearchConfig, searchConfigSchema } from '../../src/search/config.ts';
import { openClusterSearch } from '../../src/search/opensearch/search.ts';
import { openClusterIndex } from '../../src/search/opensearch/write.ts';
import { type Cluster, openCluster } from '../../src/search/opensearch.ts';
import { describeWith, shareOpenSearch, uniqueName } from '../servers/servers.ts';
import { testSearch } from './search-contract.ts';

describeWith(['opensearch'], 'Search in OpenSearch', () => {
  let config: OpenSearchConfig;
  let cluster: Cluster;

  beforeAll(async () => {
    const { url } = await shareOpenSearch();
    const index = uniqueName('alpr-events');
    config = searchConfigSchema.parse({ kind: 'opensearch', nodes: [url], index, replicas: 0 }) as OpenSearchConfig;
    cluster = openCluster(config);
  }, 120_000);
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  testSearch('opensearch', async () => {
    const index = openClusterIndex(cluster, config);
    await index.prepare();
    return {
      search: openClusterSearch(cluster, config),
      write: async (events) => {
        await index.write(events);
        await cluster.request({ method: 'POST', path: `/${config.index}/_refresh` });
      },
      [Symbol.asyncDispose]: async () => {},
    };
  });
});
