import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenSearchConfig, searchConfigSchema } from '../../src/search/config.ts';
import { openClusterIndex } from '../../src/search/opensearch/write.ts';
import { openCluster } from '../../src/search/opensearch.ts';
import { describeWith, shareOpenSearch, uniqueName } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';
import { type ClusterDoor, openClusterDoor } from './cluster-door.ts';

const configure = (parts: object) => searchConfigSchema.parse({ kind: 'opensearch', ...parts }) as OpenSearchConfig;

describeWith(['opensearch'], 'A cluster behind TLS and a password', () => {
  let door: ClusterDoor;
  let overloaded = false;
  beforeAll(async () => {
    const { url } = await shareOpenSearch();
    door = await openClusterDoor(url, () =>
      overloaded
        ? { status: 429, body: { error: { type: 'rejected_execution_exception', reason: 'full' } } }
        : undefined,
    );
  }, 120_000);
  afterAll(() => door?.[Symbol.asyncDispose]());

  const ask = async (parts: object) => {
    const config = configure({ nodes: [door.url], username: 'alpr', password: door.password, ...parts });
    await using cluster = openCluster(config);
    return await cluster.request<{ tagline: string }>({ method: 'GET', path: '/' });
  };

  test('answers who trusts its certificate and has the password', async () => {
    const { status, body } = await ask({ tls: { ca_file: door.caFile } });
    expect(status).toBe(200);
    expect(body.tagline).toContain('OpenSearch');
  });

  test('is not believed without its certificate, unless that is not asked for', async () => {
    await expect(ask({})).rejects.toMatchObject({
      code: 'SEARCH_UNAVAILABLE',
      message: expect.stringMatching(/certificate/i),
    });
    expect((await ask({ tls: { verify: false } })).status).toBe(200);
  });

  test('refuses another password, which no message tells', async () => {
    const failure = await ask({ tls: { ca_file: door.caFile }, password: 'guessed' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SEARCH_REFUSED', message: expect.stringContaining('401') });
    expect(String(failure)).not.toContain('guessed');
  });

  test('that is overloaded says so, for whoever writes to try again with less', async () => {
    overloaded = true;
    await expect(ask({ tls: { ca_file: door.caFile } })).rejects.toMatchObject({
      code: 'SEARCH_OVERLOADED',
      retry: true,
    });
    overloaded = false;
  });

  test('of a file that is not there is refused with its name', async () => {
    await expect(ask({ tls: { ca_file: '/nowhere/ca.pem' } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('/nowhere/ca.pem'),
    });
  });
});

test('A cluster that is away is unavailable', async () => {
  await using cluster = openCluster(configure({ nodes: ['http://127.0.0.1:1'] }));
  await expect(cluster.request({ method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'SEARCH_UNAVAILABLE' });
});

describeWith(['opensearch'], 'A cluster that takes no large request', () => {
  const MOST_LINES = 7; // of a request: three events
  const open = async (index: string, most: number) => {
    const { url } = await shareOpenSearch();
    const door = await openClusterDoor(url, ({ url: path, body }) =>
      path === '/_bulk' && body.split('\n').length > most ? { status: 413, body: {} } : undefined,
    );
    const access = { username: 'alpr', password: door.password, tls: { ca_file: door.caFile } };
    const config = configure({ nodes: [door.url], index, replicas: 0, ...access });
    const cluster = openCluster(config);
    return { door, cluster, writer: openClusterIndex(cluster, config) };
  };
  const sizes = (door: ClusterDoor) =>
    door.asked.filter(({ url }) => url === '/_bulk').map(({ body }) => Math.floor(body.split('\n').length / 2));

  test('gets half as much until it takes it, and slowly more as it does', async () => {
    const { door, writer } = await open(uniqueName('small'), MOST_LINES);
    await using _door = door;
    await using _writer = writer;
    const events = Array.from({ length: 10 }, () => makeEvent({}));
    await writer.prepare();
    await expect(writer.write(events)).rejects.toMatchObject({ code: 'SEARCH_OVERLOADED', retry: true });
    await expect(writer.write(events)).rejects.toMatchObject({ code: 'SEARCH_OVERLOADED' });
    expect(await writer.write(events)).toEqual({ written: 10, stale: 0, refused: [] });
    expect(sizes(door)).toEqual([10, 5, 3, 3, 3, 1]);
    // Four at once is too much again; what passed before is known.
    await expect(writer.write(events)).rejects.toMatchObject({ code: 'SEARCH_OVERLOADED' });
    expect(await writer.write(events)).toEqual({ written: 0, stale: 10, refused: [] });
    expect(sizes(door).slice(6)).toEqual([4, 2, 2, 2, 2, 2]);
  });

  test('refuses an event that is too large by itself, which is not tried for ever', async () => {
    const { door, writer } = await open(uniqueName('none'), 0);
    await using _door = door;
    await using _writer = writer;
    const event = makeEvent({});
    expect(await writer.write([event])).toMatchObject({
      written: 0,
      refused: [{ id: expect.stringContaining(event.event_id) }],
    });
  });
});

describeWith(['opensearch'], 'Retention', () => {
  // The server of the tests has no index management: its answers are those that its documents describe.
  test.each([
    [404, {}, '/_plugins/_ism/policies/kept'],
    [200, { _seq_no: 7, _primary_term: 3 }, '/_plugins/_ism/policies/kept?if_seq_no=7&if_primary_term=3'],
  ])('is a policy that is made, or replaced where there is one (%i)', async (status, known, address) => {
    const { url } = await shareOpenSearch();
    await using door = await openClusterDoor(url, ({ method, url: path }) => {
      if (!path.startsWith('/_plugins/_ism/')) return undefined;
      return method === 'GET' ? { status, body: known } : { status: 201, body: {} };
    });
    const access = { username: 'alpr', password: door.password, tls: { ca_file: door.caFile } };
    const config = configure({ nodes: [door.url], index: 'kept', ...access });
    await using index = openClusterIndex(openCluster(config), { ...config, retentionDays: 30 });
    expect(await index.prepare()).toMatchObject({ retention: 'set' });
    const put = door.asked.find(({ method, url: path }) => method === 'PUT' && path.startsWith('/_plugins/'));
    expect(put?.url).toBe(address);
    const { policy } = JSON.parse(put?.body ?? '{}');
    expect(policy.ism_template[0].index_patterns).toEqual(expect.arrayContaining(['kept-2*', 'kept.2*']));
    expect(policy.default_state).toBe('kept');
    expect(policy.states[0].transitions).toEqual([{ state_name: 'expired', conditions: { min_index_age: '61d' } }]);
    expect(policy.states[1]).toEqual({ name: 'expired', actions: [{ delete: {} }], transitions: [] });
  });
});
