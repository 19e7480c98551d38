import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { AlprError } from '../../src/base/errors.ts';
import { createLog } from '../../src/base/log.ts';
import { Raw } from '../../src/bus/bus.ts';
import { busConfigSchema, type KafkaConfig } from '../../src/bus/config.ts';
import { openKafka } from '../../src/bus/open.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { INDEX_GROUP } from '../../src/indexer/config.ts';
import { createIndexerMetrics } from '../../src/indexer/metrics.ts';
import { runIndex } from '../../src/indexer/run-index.ts';
import { type OpenSearchConfig, searchConfigSchema } from '../../src/search/config.ts';
import { openClusterSearch } from '../../src/search/opensearch/search.ts';
import { describeIndex } from '../../src/search/opensearch/template.ts';
import { openClusterIndex } from '../../src/search/opensearch/write.ts';
import { type Cluster, openCluster } from '../../src/search/opensearch.ts';
import { markErased } from '../../src/store/privacy/erasures.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { createTracing } from '../../src/telemetry/tracing/create-tracing.ts';
import type { Span } from '../../src/telemetry/tracing/span.ts';
import { NO_TRACING } from '../../src/telemetry/tracing/tracing.ts';
import { openInProcessBus } from '../bus/open-in-process.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { type Door, openDoor } from '../servers/door.ts';
import { describeWith, shareKafka, shareOpenSearch, shareRegistry, uniqueName } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';

const log = createLog({ level: 'silent' });

/** What no cluster takes. */
async function refuse(cluster: Cluster): Promise<never> {
  await cluster.request({ method: 'PUT', path: '/_index_template/senseless', body: { nonsense: true } });
  throw new Error('expected the cluster to refuse it');
}

describeWith(['opensearch', 'kafka', 'registry'], 'alpr index', () => {
  let server: Door;
  let database: TestDatabase;
  beforeAll(async () => {
    const [{ url }, own] = await Promise.all([shareOpenSearch(), openTestDatabase()]);
    database = own;
    server = await openDoor(url);
  }, 120_000);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  /** The service on a bus in this process, as it runs beside a broker. */
  async function openIndexing(index = uniqueName('index'), tracing = NO_TRACING) {
    const parts = { kind: 'opensearch', nodes: [server.url], index, replicas: 0, batch_wait_ms: 5 };
    const config = searchConfigSchema.parse(parts) as OpenSearchConfig;
    const opened = new AsyncDisposableStack();
    const cluster = opened.use(openCluster(config));
    const bus = opened.use(await openInProcessBus([INDEX_GROUP]));
    const metrics = createIndexerMetrics(new Telemetry());
    const running = opened.use(
      runIndex({
        bus,
        sql: database.sql,
        index: openClusterIndex(cluster, { ...config, retentionDays: 90 }),
        log,
        metrics,
        config,
        tracing,
      }),
    );
    /** Once the index is prepared: before, the bus accepts nothing. */
    const send = async (contents: readonly (PlateEvent | Raw)[]): Promise<void> => {
      for (;;) {
        try {
          return await bus.publish('plates', contents);
        } catch (error) {
          if (!(error instanceof AlprError) || error.code !== 'BUS_UNAVAILABLE') throw error;
          await sleep(50);
        }
      }
    };
    const outcomes = async () =>
      Object.fromEntries((await metrics.indexed.get()).values.map(({ labels, value }) => [labels.outcome, value]));
    return {
      name: index,
      running,
      metrics,
      outcomes,
      publish: send,
      find: async (q: string) => {
        await cluster.request({ method: 'POST', path: `/${index}/_refresh` });
        const { results } = await openClusterSearch(cluster, config).search({
          scope: undefined,
          q,
          mode: 'exact',
          limit: 10,
        });
        return results.map(({ event }) => event);
      },
      cluster,
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  }

  test('indexes by month; the highest revision stays whichever order and however often they come', async () => {
    await using indexing = await openIndexing();
    const at = Date.UTC(2026, 4, 5);
    const first = makeEvent({ at, text: 'AA11AAA' });
    const second = makeEvent({ id: first.event_id, at, revision: 2, text: 'BB22BBB' });
    const other = makeEvent({ at: Date.UTC(2026, 5, 1), text: 'CC33CCC' });
    await indexing.publish([second, first, other]);
    await indexing.publish([first, second]);
    expect(await indexing.find('AA11AAA')).toEqual([]);
    expect(await indexing.find('BB22BBB')).toEqual([second]);
    expect(await indexing.outcomes()).toMatchObject({ written: 2, stale: 3, refused: 0, unreadable: 0 });
    const { name } = indexing;
    const { body } = await indexing.cluster.request<object>({ method: 'GET', path: `/${name}/_alias` });
    expect(Object.keys(body).sort()).toEqual([`${name}-2026.05`, `${name}-2026.06`]);
  });

  test('traces an event that comes late until the index has it, and no other', async () => {
    const spans: Span[] = [];
    const config = { share: 0, max_per_second: 10, slow_ms: 10_000, slow_request_ms: 1000 };
    const tracing = createTracing(config, (more) => spans.push(...more))('index');
    await using indexing = await openIndexing(undefined, tracing);
    const late = makeEvent({ at: Date.now() - 60_000, text: 'LA73LA7' });
    await indexing.publish([makeEvent({ at: Date.now() }), late]);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([late.event_id.replaceAll('-', '')]));
    const [way, written] = spans.filter(({ service }) => service === 'index');
    expect([way?.name, written?.name]).toEqual(['bus', 'index']);
    expect(written?.from).toBe(way?.to);
    expect(written?.to).toBeGreaterThan(written?.from ?? Number.NaN);
    expect(await indexing.find('LA73LA7')).toEqual([late]);
  });

  test('refuses what was erased, whichever revision comes', async () => {
    await using indexing = await openIndexing();
    const [erased, kept] = [makeEvent({ text: 'ER45ED1' }), makeEvent({ text: 'KEP7KEP' })];
    await markErased(database.sql, erased.event_id, [erased.event_id]);
    await indexing.publish([erased, { ...erased, revision: 2 }, kept]);
    expect(await indexing.find('ER45ED1')).toEqual([]);
    expect(await indexing.find('KEP7KEP')).toEqual([kept]);
    expect(await indexing.outcomes()).toMatchObject({ written: 1, erased: 2 });
  });

  test('goes on with the month that an earlier version began, which knows fewer fields', async () => {
    const name = uniqueName('upgraded');
    const parts = { kind: 'opensearch', nodes: [server.url], index: name, replicas: 0 };
    const { settings, mappings } = describeIndex(searchConfigSchema.parse(parts) as OpenSearchConfig);
    const { candidates: _, ...fewer } = mappings.properties;
    await using cluster = openCluster(searchConfigSchema.parse(parts) as OpenSearchConfig);
    const body = { settings, mappings: { dynamic: 'strict', properties: fewer }, aliases: { [name]: {} } };
    await cluster.request({ method: 'PUT', path: `/${name}-2026.05`, body });
    await using indexing = await openIndexing(name);
    const event = makeEvent({ at: Date.UTC(2026, 4, 5), text: 'FF77FFF' });
    await indexing.publish([event]);
    expect(await indexing.outcomes()).toMatchObject({ written: 1, refused: 0 });
    expect(await indexing.find('FF77FFF')).toEqual([event]);
  });

  test('passes over what is no event: it is for ingest to keep', async () => {
    await using indexing = await openIndexing();
    const good = makeEvent({ text: 'GG44GGG' });
    const poison = [Buffer.from('{'), Buffer.from([0, 0, 0, 0, 9, 1]), new Uint8Array()];
    const all = [...poison, encodeEvent(good)];
    await indexing.publish(all.map((value) => new Raw({ key: 'c', value })));
    expect(await indexing.find('GG44GGG')).toEqual([good]);
    expect(await indexing.outcomes()).toMatchObject({ written: 1, unreadable: 3 });
  });

  test('while the cluster is away nothing is lost, and the metrics show it', async () => {
    await using indexing = await openIndexing();
    await indexing.publish([makeEvent({ text: 'DD55DDD' })]);
    await server.shut();
    const late = makeEvent({ text: 'EE66EEE' });
    const sent = indexing.publish([late]);
    await vi.waitFor(
      async () => {
        expect((await indexing.metrics.works.get()).values[0]?.value).toBe(0);
        const retries = (await indexing.metrics.retries.get()).values;
        expect(retries).toMatchObject([{ labels: { cause: 'SEARCH_UNAVAILABLE' } }]);
      },
      { timeout: 60_000 },
    );
    await server.open();
    await sent;
    expect(await indexing.find('EE66EEE')).toEqual([late]);
    expect((await indexing.metrics.works.get()).values[0]?.value).toBe(1);
  }, 120_000);

  test('takes what others publish to Kafka, in Avro or JSON, and commits what is indexed', async () => {
    const [{ brokers }, registry] = await Promise.all([shareKafka(), shareRegistry()]);
    const names = { plates: uniqueName('plates'), dead_letters: uniqueName('dead'), metrics: uniqueName('metrics') };
    const dataFolder = await mkdtemp(path.join(tmpdir(), 'alpr-index-'));
    const openBus = () => {
      const parts = { kind: 'kafka', brokers, registry: { url: registry.url }, topics: { ...names, partitions: 2 } };
      const config = busConfigSchema.parse(parts) as KafkaConfig;
      return openKafka({ config, dataFolder, log, telemetry: new Telemetry() });
    };
    const parts = {
      kind: 'opensearch',
      nodes: [server.url],
      index: uniqueName('streamed'),
      replicas: 0,
      batch_wait_ms: 5,
    };
    const search = searchConfigSchema.parse(parts) as OpenSearchConfig;
    const events = Array.from({ length: 300 }, (_, index) =>
      makeEvent({ text: `KF${index}`, camera: `c${index % 7}` }),
    );
    const indexed = async () => {
      await using cluster = openCluster(search);
      await cluster.request({ method: 'POST', path: `/${search.index}*/_refresh` });
      return (await openClusterSearch(cluster, search).facets({ scope: undefined, mode: 'auto' })).events;
    };
    const runOnce = async (wanted: number) => {
      await using kafka = await openBus();
      const metrics = createIndexerMetrics(new Telemetry());
      await using index = openClusterIndex(openCluster(search), search);
      await using _running = runIndex({ bus: kafka.bus, sql: database.sql, index, metrics, log, config: search });
      await vi.waitFor(async () => expect(await indexed()).toBe(wanted), { timeout: 40_000, interval: 500 });
      return (await metrics.indexed.get()).values;
    };
    await using kafka = await openBus();
    await kafka.bus.publish('plates', events.slice(0, 200));
    await kafka.bus.publish('plates', [new Raw({ key: 'c0', value: Buffer.from('poison') })]);
    await runOnce(200);
    await kafka.bus.publish('plates', events.slice(200));
    const outcomes = await runOnce(300);
    // The second one goes on where the first one stopped: it meets no event again, and not the poison either.
    expect(outcomes.map(({ labels, value }) => [labels.outcome, value])).toEqual(
      expect.arrayContaining([
        ['written', 100],
        ['stale', 0],
        ['unreadable', 0],
      ]),
    );
    await rm(dataFolder, { recursive: true });
  }, 120_000);

  test('ends with the reason when going on makes no sense, such as a refused template', async () => {
    const parts = { kind: 'opensearch', nodes: [server.url], index: uniqueName('senseless'), shards: 64 };
    const config = searchConfigSchema.parse(parts) as OpenSearchConfig;
    const cluster = openCluster(config);
    const refusing = { ...openClusterIndex(cluster, config), prepare: () => refuse(cluster) };
    await using bus = await openInProcessBus();
    const metrics = createIndexerMetrics(new Telemetry());
    await using running = runIndex({ bus, sql: database.sql, index: refusing, log, metrics, config });
    await expect(running.failed).rejects.toMatchObject({ code: 'SEARCH_REFUSED' });
  });

  test('a cluster without index management is said to have none', async () => {
    const nodes = [server.url];
    const parts = { kind: 'opensearch', nodes, index: uniqueName('unmanaged') };
    const config = searchConfigSchema.parse(parts) as OpenSearchConfig;
    await using index = openClusterIndex(openCluster(config), { ...config, retentionDays: 9 });
    expect(await index.prepare()).toMatchObject({ retention: 'unsupported' });
  });
});
