import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlprError } from '../../src/base/errors.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { openRebuild, rebuildIndex } from '../../src/indexer/rebuild-index.ts';
import { type OpenSearchConfig, searchConfigSchema } from '../../src/search/config.ts';
import { documentOf } from '../../src/search/opensearch/document.ts';
import { openClusterSearch } from '../../src/search/opensearch/search.ts';
import { openClusterIndex } from '../../src/search/opensearch/write.ts';
import { openCluster } from '../../src/search/opensearch.ts';
import { countEvents } from '../../src/store/events.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { openClusterDoor } from '../search/cluster-door.ts';
import { describeWith, shareOpenSearch, uniqueName } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';

const EVENTS = 2500;
const DAY = 86_400_000;
const refuse = (error: unknown) => expect.fail(`expected a cluster that answers, got ${error}`);
const T0 = Date.UTC(2026, 3, 1);

describeWith(['opensearch'], 'alpr reindex', () => {
  let database: TestDatabase;
  const stored = Array.from({ length: EVENTS }, (_, index) =>
    makeEvent({ text: `RE${index}`, at: T0 + Math.floor(index / 60) * DAY }),
  );
  beforeAll(async () => {
    database = await openTestDatabase();
    await writeEvents(database.sql, stored);
  }, 120_000);
  afterAll(() => database?.[Symbol.asyncDispose]());

  async function openIndexed() {
    const { url } = await shareOpenSearch();
    const parts = { kind: 'opensearch', nodes: [url], index: uniqueName('rebuilt'), replicas: 0 };
    const config = searchConfigSchema.parse(parts) as OpenSearchConfig;
    const cluster = openCluster(config);
    const index = openClusterIndex(cluster, config);
    await index.prepare();
    const refresh = () => cluster.request({ method: 'POST', path: `/${config.index}/_refresh` });
    const aliased = async () => {
      const { body } = await cluster.request<object>({ method: 'GET', path: `/${config.index}/_alias`, allow: [404] });
      return Object.keys(body).sort();
    };
    const search = openClusterSearch(cluster, config);
    const count = async () => {
      await refresh();
      return (await search.facets({ scope: undefined, mode: 'auto' })).events;
    };
    const exists = async (event: PlateEvent) => {
      await refresh();
      const q = event.plate.text_normalized;
      return (await search.search({ scope: undefined, q, mode: 'exact', limit: 1 })).results.length === 1;
    };
    return {
      config,
      cluster,
      index,
      aliased,
      count,
      exists,
      [Symbol.asyncDispose]: () => index[Symbol.asyncDispose](),
    };
  }

  test('builds new indices from the database, goes on where it was stopped, and switches the alias in the end', async () => {
    await using indexed = await openIndexed();
    const { index, aliased, count, exists, config } = indexed;
    const deleted = makeEvent({ text: 'GONE1', at: T0 });
    await index.write(stored.slice(0, 10));
    // As it was indexed long before the rebuild.
    await indexed.cluster.request({
      method: 'PUT',
      path: `/${config.index}-2026.04/_doc/${deleted.event_id}`,
      query: { version: '1', version_type: 'external' },
      body: documentOf(deleted, '2026-04-01T00:00:00.000Z'),
    });
    const before = await aliased();
    expect(before).toEqual([`${config.index}-2026.04`]);

    const stopping = new AbortController();
    const first = await index.beginRebuild();
    const onProgress = () => stopping.abort();
    const stopped = { sql: database.sql, rebuild: first, signal: stopping.signal, onAway: refuse, onProgress };
    expect(await rebuildIndex(stopped)).toBe(undefined);
    expect(first.state.done).toBe(1000);
    expect(await aliased()).toEqual(before);

    // Comes while the rebuild is under way, and is in no database yet.
    const late = makeEvent({ text: 'LATE1', at: Date.UTC(2026, 5, 1) });
    await index.write([late]);

    const second = await index.beginRebuild();
    expect(second.state).toEqual(first.state);
    const steps: number[] = [];
    const rebuilt = await rebuildIndex({
      sql: database.sql,
      rebuild: second,
      signal: new AbortController().signal,
      onAway: refuse,
      onProgress: (events) => steps.push(events),
    });
    expect(steps).toEqual([1000, 500]);
    expect(await countEvents(database.sql)).toBe(EVENTS);
    expect(rebuilt).toEqual({ stored: EVENTS, refused: 0, indices: 3, events: EVENTS + 1 });
    const after = await aliased();
    expect(after.map((name) => name.slice(-7))).toEqual(['2026.04', '2026.05', '2026.06']);
    expect(after.every((name) => !before.includes(name))).toBe(true);
    expect(await exists(late)).toBe(true);
    expect(await exists(deleted)).toBe(false);
    expect(await count()).toBe(EVENTS + 1);

    const next = makeEvent({ text: 'NEXT1', at: T0 });
    expect(await index.write([next, stored[0] as PlateEvent])).toMatchObject({ written: 1, stale: 1 });
    expect(await exists(next)).toBe(true);
    expect(await aliased()).toEqual(after);
  }, 90_000);

  test('fills an index that was never there, and leaves those alone whose names begin the same', async () => {
    await using indexed = await openIndexed();
    const other = `${indexed.config.index}-north-2026.04`;
    await indexed.cluster.request({ method: 'PUT', path: `/${other}` });
    const rebuild = await indexed.index.beginRebuild();
    const { signal } = new AbortController();
    const job = { sql: database.sql, rebuild, signal, onAway: refuse, onProgress: () => {} };
    expect(await rebuildIndex(job)).toMatchObject({ events: EVENTS, indices: 2 });
    expect(await indexed.count()).toBe(EVENTS);
    expect((await indexed.cluster.request({ method: 'HEAD', path: `/${other}`, allow: [404] })).status).toBe(200);
    expect(await indexed.aliased()).not.toContain(other);
  });

  test('waits for a cluster that is away at any step, tries the step again, and says so each time', async () => {
    const { url } = await shareOpenSearch();
    const failing = new Set(['PUT /_index_template/', 'POST /_bulk', 'PUT /away-state', 'POST /_aliases']);
    await using door = await openClusterDoor(url, ({ method, url: asked }) => {
      const step = `${method} ${asked.replace(/[^/]*\.rebuild\/_doc\/state/, 'away-state')}`;
      const now = [...failing].find((one) => step.startsWith(one));
      if (now === undefined || !failing.delete(now)) return undefined;
      return { status: 503, body: { error: { type: 'cluster_manager_not_discovered_exception', reason: now } } };
    });
    const login = { username: 'alpr', password: door.password, tls: { ca_file: door.caFile } };
    const parts = { kind: 'opensearch', nodes: [door.url], ...login, index: uniqueName('rebuilt'), replicas: 0 };
    const config = searchConfigSchema.parse(parts) as OpenSearchConfig;
    await using index = openClusterIndex(openCluster(config), config);
    const seen: unknown[] = [];
    const { signal } = new AbortController();
    const patience = { signal, onAway: (error: unknown) => void seen.push((error as AlprError).code) };

    const rebuild = await openRebuild(index, { ...patience, onPrepared: () => {} });
    if (!rebuild) expect.fail('expected a rebuild');
    const job = { sql: database.sql, rebuild, ...patience, onProgress: () => {} };
    const rebuilt = await rebuildIndex(job);
    expect(rebuilt).toEqual({ stored: EVENTS, refused: 0, indices: 2, events: EVENTS });
    expect([...failing]).toEqual([]);
    expect(seen).toEqual(Array(4).fill('SEARCH_UNAVAILABLE'));
    // As when the answer to the last step was lost.
    expect(await rebuild.finish()).toEqual({ indices: 2, events: EVENTS });
  }, 90_000);

  test('told to stop while it waits for the cluster it stops, and what no time mends it throws at once', async () => {
    const stopping = new AbortController();
    const open = (nodes: string[], more: object = {}) => {
      const config = searchConfigSchema.parse({ kind: 'opensearch', nodes, ...more }) as OpenSearchConfig;
      return openClusterIndex(openCluster(config), config);
    };
    // Nothing listens on port 9 (discard).
    await using away = open(['http://127.0.0.1:9']);
    const patience = { signal: stopping.signal, onAway: () => stopping.abort(), onPrepared: () => {} };
    expect(await openRebuild(away, patience)).toBe(undefined);

    const { url } = await shareOpenSearch();
    await using door = await openClusterDoor(url);
    const login = { username: 'alpr', password: 'guessed', tls: { ca_file: door.caFile } };
    await using refused = open([door.url], login);
    const { signal } = new AbortController();
    await expect(openRebuild(refused, { signal, onAway: refuse, onPrepared: () => {} })).rejects.toMatchObject({
      code: 'SEARCH_REFUSED',
    });
  });
});
