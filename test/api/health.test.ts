import { describe, expect, test } from 'vitest';
import { searchConfigSchema } from '../../src/search/config.ts';
import { describeWith, shareOpenSearch } from '../servers/servers.ts';
import { openBackEnd } from './api-fixture.ts';

/** A database and a cluster have to start first. */
const SLOW_START_MS = 120_000;

async function askHealth(node: string) {
  const search = searchConfigSchema.parse({ kind: 'opensearch', nodes: [node], index: 'health-test' });
  await using back = await openBackEnd(search);
  const response = await back.get('/health');
  return { code: response.status, ...((await response.json()) as object) };
}

describeWith(['opensearch'], 'The health of a system that is searched in OpenSearch', () => {
  test(
    'is well while the cluster answers searches',
    async () => {
      const { url } = await shareOpenSearch();
      expect(await askHealth(url)).toMatchObject({ code: 200, status: 'ok', search: { ok: true, kind: 'opensearch' } });
    },
    SLOW_START_MS,
  );
});

describe('The health of a system whose search cluster is away', () => {
  test(
    'is degraded and says so; everything else goes on',
    async () => {
      expect(await askHealth('http://127.0.0.1:9')).toMatchObject({
        code: 200,
        status: 'degraded',
        database: { ok: true },
        search: { ok: false, kind: 'opensearch' },
      });
    },
    SLOW_START_MS,
  );
});
