import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { openPrivacy } from '../../src/app/open-privacy.ts';
import { openAuditKeys } from '../../src/audit/keys.ts';
import { createLog } from '../../src/base/log.ts';
import { Raw } from '../../src/bus/bus.ts';
import { openBus } from '../../src/bus/open.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import { createEdgeMetrics } from '../../src/edge/metrics.ts';
import { Publisher } from '../../src/edge/publisher.ts';
import { Spool } from '../../src/edge/spool.ts';
import { openS3Images } from '../../src/images/s3.ts';
import { createIndexerMetrics } from '../../src/indexer/metrics.ts';
import { runIndex } from '../../src/indexer/run-index.ts';
import { ingestConfigSchema } from '../../src/ingest/config.ts';
import { runIngest } from '../../src/ingest/ingest.ts';
import { createIngestMetrics } from '../../src/ingest/metrics.ts';
import { openSearchIndex } from '../../src/search/open.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openTestDatabase } from '../db/test-database.ts';
import { s3ConfigOf } from '../images/s3-config.ts';
import { describeWith, shareKafka, shareOpenSearch, startS3, uniqueName } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';
import { grep } from './grep.ts';
import { withPictures } from './privacy-stand.ts';

const log = createLog({ level: 'silent' });
const patient = { timeout: 30_000, interval: 100 };
const PLATE = 'STACK3R4';

describeWith(['kafka', 'opensearch', 's3'], 'An erasure on Kafka, OpenSearch and S3', () => {
  const opened = new AsyncDisposableStack();
  let folder: string;
  let stack: Awaited<ReturnType<typeof openStack>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'alpr-erase-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    stack = await openStack();
  }, 240_000);
  afterAll(() => opened.disposeAsync());

  /** The stores, and what brings events into them, as processes would. */
  async function openStack() {
    const [kafka, search, s3, database] = await Promise.all([
      shareKafka(),
      shareOpenSearch(),
      startS3({ folder: join(folder, 's3') }),
      openTestDatabase(),
    ]);
    for (const one of [s3, database]) opened.use(one);
    const prefix = uniqueName('erase');
    const topics = Object.fromEntries(
      ['plates', 'alerts', 'metrics', 'dead_letters', 'live', 'watch'].map((name) => [name, `${prefix}.${name}`]),
    );
    const settings = {
      data: join(folder, 'data'),
      bus: { kind: 'kafka', brokers: kafka.brokers, topics: { ...topics, partitions: 1 }, format: 'json' },
      search: { kind: 'opensearch', nodes: [search.url], index: prefix, replicas: 0, batch_wait_ms: 5 },
      images: s3ConfigOf(s3),
    };
    const config = loadConfig({
      environment: {},
      settings: Object.entries(settings).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
    });
    if (config.search.kind !== 'opensearch' || config.images.kind !== 's3') throw new Error('expected the servers');
    const telemetry = new Telemetry();
    const { bus, deadLetters } = opened.use(
      await openBus({
        config: config.bus,
        dataFolder: config.data,
        client: 'erase',
        requiredGroups: [],
        log,
        telemetry,
      }),
    );
    if (!deadLetters) throw new Error('expected a topic of dead letters');
    const { sql } = database;
    const index = opened.use(await openSearchIndex(config.search));
    const images = openS3Images(config.images);
    const [ingested, indexed] = [createIngestMetrics(telemetry), createIndexerMetrics(telemetry)];
    const ingest = ingestConfigSchema.parse({});
    opened.use(await runIngest({ bus, sql, images, deadLetters, log, metrics: ingested, config: ingest }));
    opened.use(runIndex({ bus, sql, index, log, metrics: indexed, config: config.search }));
    const auditKeys = await openAuditKeys(join(folder, 'keys'));
    const given = { config, sql, division: 'native', images, deadLetters, auditKeys, index, log } as const;
    return { ...given, bus, telemetry, clusterFolder: search.folder, privacy: await openPrivacy(given) };
  }

  test('leaves nothing in any store, says what Kafka keeps and until when, and refuses all ways back', async () => {
    const { bus, sql, index, images, deadLetters, privacy, telemetry, clusterFolder } = stack;
    const event = await withPictures(images, makeEvent({ text: PLATE }));
    const other = await withPictures(images, makeEvent({ text: 'STAYS4ME' }));
    const broken = Buffer.from(`{"event_id":"${event.event_id}","plate":{"text_normalized":"${PLATE}"},`);
    await bus.publish('plates', [event, other, new Raw({ key: 'gate', value: broken })]);
    await bus.publish('plates', [{ ...event, revision: 2 }]);
    const stored = async () => (await sql.query('SELECT FROM event_revisions')).length;
    await vi.waitFor(async () => expect(await stored()).toBe(1), patient);
    await vi.waitFor(async () => expect(await index.count([event.event_id, other.event_id])).toBe(2), patient);
    await vi.waitFor(async () => expect(await deadLetters.list()).toHaveLength(1), patient);
    expect(await grep(clusterFolder, PLATE)).not.toEqual([]);

    const asked = { subject: { plate: PLATE }, reason: 'Asked', by: 'test', scrub: true } as const;
    const tried = await privacy.erase({ ...asked, dryRun: true });
    const report = await privacy.erase({ ...asked, dryRun: false });
    const counts = Object.fromEntries(report.places.map(({ place, count }) => [place, count]));
    expect(counts).toMatchObject({ events: 1, revisions: 1, texts: 1, pictures: 3, search_index: 1, letters: 1 });
    expect(tried.places.map(({ count }) => count)).toEqual(report.places.map(({ count }) => count));
    const kept = report.places.find(({ place }) => place === 'topics');
    expect(Date.parse(kept?.until ?? '') - Date.parse(report.at)).toBe(7 * 86_400_000);
    expect(report.remains.find((line) => line.startsWith('topics'))).toContain(kept?.until);

    // The files of the cluster and of the object store, as they lie on the disk.
    expect(await grep(clusterFolder, PLATE)).toEqual([]);
    expect(await grep(join(folder, 's3'), PLATE)).toEqual([]);
    expect(await Array.fromAsync(images.list())).toHaveLength(3);
    expect(await index.count([other.event_id])).toBe(1);

    // From a spool, handed in again out of the dead letters, and as the broker has it for a group that begins anew.
    const spool = await Spool.open({ folder: join(folder, 'spool'), segmentBytes: 1e6, log });
    opened.use(spool);
    await spool.append(encodeEvent({ ...event, revision: 3 }));
    opened.use(new Publisher({ spool, bus, log, metrics: createEdgeMetrics(telemetry) }));
    await bus.publish('plates', [new Raw({ key: 'gate', value: encodeEvent({ ...event, revision: 4 }) }), other]);
    const refused = async () =>
      (await sql.query<{ n: number }>('SELECT refused::int AS n FROM erased_events'))[0]?.n ?? 0;
    await vi.waitFor(async () => expect(await refused()).toBe(2), patient);
    const metrics = createIngestMetrics(new Telemetry());
    const again = { ...stack, metrics, config: ingestConfigSchema.parse({}) };
    const { bus: later } = opened.use(
      await openBus({
        config: {
          ...kafkaOf(stack.config.bus),
          groups: { ingest: uniqueName('again'), index: 'x', dead_letters: 'y', others: '' },
        },
        dataFolder: stack.config.data,
        client: 'again',
        requiredGroups: [],
        log,
        telemetry: new Telemetry(),
      }),
    );
    opened.use(await runIngest({ ...again, bus: later }));
    // Four revisions of the event are on the topic by now; all come again.
    await vi.waitFor(async () => expect(await refused()).toBe(6), patient);
    await sleep(1000);
    expect(await sql.query('SELECT FROM plate_events WHERE text_normalized = $1', [PLATE])).toEqual([]);
    expect(await index.count([event.event_id])).toBe(0);
  }, 180_000);
});

function kafkaOf(config: ReturnType<typeof loadConfig>['bus']) {
  if (config.kind !== 'kafka') throw new Error('expected Kafka');
  return config;
}
