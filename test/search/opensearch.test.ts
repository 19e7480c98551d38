import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenSearchConfig, searchConfigSchema } from '../../src/search/config.ts';
import { openClusterSearch } from '../../src/search/opensearch/search.ts';
import { describeIndex } from '../../src/search/opensearch/template.ts';
import { openClusterIndex } from '../../src/search/opensearch/write.ts';
import { type Cluster, openCluster } from '../../src/search/opensearch.ts';
import { describeWith, shareOpenSearch, uniqueName } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';
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

  test('Events of sixty impossible months make one index, and each of them is there', async () => {
    const name = uniqueName('alpr-events');
    const own = { ...config, index: name };
    const index = openClusterIndex(cluster, own);
    await index.prepare();
    const events = Array.from({ length: 60 }, (_, month) => makeEvent({ at: Date.UTC(2150, month, 1) }));
    expect(await index.write([...events, makeEvent()])).toMatchObject({ written: 61 });
    await cluster.request({ method: 'POST', path: `/${name}/_refresh` });
    const { body } = await cluster.request<object>({ method: 'GET', path: `/${name}-*/_alias` });
    expect(Object.keys(body)).toHaveLength(2);
    const counted = await cluster.request<{ count: number }>({ method: 'GET', path: `/${name}/_count` });
    expect(counted.body.count).toBe(61);
  });

  test('A month that was made before there were these fields takes new events, and they are found', async () => {
    const [name, old] = [uniqueName('alpr-events'), '2026.03'];
    const before = { ...config, index: name };
    const { near: _near, read: _read, ...properties } = describeIndex(before).mappings.properties;
    const body = { mappings: { dynamic: 'strict', properties }, aliases: { [name]: {} } };
    await cluster.request({ method: 'PUT', path: `/${name}-${old}`, body });
    const index = openClusterIndex(cluster, before);
    await index.prepare();
    const event = makeEvent({ text: 'OLD123X', at: Date.UTC(2026, 2, 5) });
    expect(await index.write([event])).toEqual({ written: 1, stale: 0, refused: [] });
    await cluster.request({ method: 'POST', path: `/${name}/_refresh` });
    for (const mode of ['fuzzy', 'likelihood'] as const) {
      const { results } = await openClusterSearch(cluster, before).search({
        scope: undefined,
        q: 'OLD124X',
        mode,
        limit: 5,
      });
      expect(results.map((hit) => hit.event.event_id)).toEqual([event.event_id]);
    }
  });
});
