import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../../src/base/log.ts';
import { createEdgeMetrics } from '../../../src/edge/metrics.ts';
import { OpenPassages } from '../../../src/edge/open-passages.ts';
import { Outbox } from '../../../src/edge/outbox.ts';
import { Publisher } from '../../../src/edge/publisher.ts';
import { Spool } from '../../../src/edge/spool.ts';
import { openFileImages } from '../../../src/images/files.ts';
import { Telemetry } from '../../../src/telemetry/telemetry.ts';
import { createTracing } from '../../../src/telemetry/tracing/create-tracing.ts';
import type { Span } from '../../../src/telemetry/tracing/span.ts';
import { openInProcessBus } from '../../bus/open-in-process.ts';
import { createSighting } from '../../edge/sightings.ts';

const log = createLog({ level: 'silent' });
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reasons-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** An edge that traces nothing without a reason; its sightings come from the test. */
async function openEdge() {
  const opened = new AsyncDisposableStack();
  const spans: Span[] = [];
  const config = { share: 0, max_per_second: 10, slow_ms: 3_600_000, slow_request_ms: 1000 };
  const tracing = createTracing(config, (more) => spans.push(...more))('edge');
  const metrics = createEdgeMetrics(new Telemetry());
  const bus = opened.use(await openInProcessBus());
  const images = opened.use(await openFileImages(join(folder, 'images')));
  const spool = opened.use(await Spool.open({ folder: join(folder, 'spool'), segmentBytes: 1_000_000, log }));
  const publisher = opened.use(new Publisher({ spool, bus, log, metrics, tracing }));
  const outbox = new Outbox({
    ...{ images, spool, publisher, metrics, log, tracing },
    siteId: 'home',
    cameraName: 'Gate',
    markings: { lines: [], zones: [] },
    models: { detector: 'd@1', reader: 'r@1', provider: 'cpu' },
    version: '0.1.0',
    openPassages: await OpenPassages.open(join(folder, 'open-passages'), log),
    now: Date.now,
    hasRoom: async () => true,
  });
  return {
    send: (text: string, status: 'provisional' | 'final', passageId: string) =>
      outbox.send(createSighting({ text, status, passageId })),
    /** The spans of all that was sent, once it is published. */
    end: async () => {
      await opened.disposeAsync();
      return spans;
    },
  };
}

test('A final that contradicts its provisional is traced with what came before it, and one that confirms it is not', async () => {
  const edge = await openEdge();
  await edge.send('AB12CDE', 'provisional', 'p1');
  await edge.send('AB12CDE', 'provisional', 'p2');
  await edge.send('AB12CDE', 'final', 'p1');
  const { event_id } = await edge.send('AB12CDF', 'final', 'p2');
  const spans = await edge.end();
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([event_id.replaceAll('-', '')]));
  const ofRevision = (revision: number) =>
    spans.filter(({ attributes }) => (attributes['alpr.revision'] ?? 1) === revision).map(({ name }) => name);
  expect(ofRevision(1)).toEqual(expect.arrayContaining(['detect', 'read', 'pictures', 'spool', 'wait', 'publish']));
  expect(ofRevision(2)).toEqual(expect.arrayContaining(['passage', 'spool', 'wait', 'publish']));
  const roots = spans.filter(({ parentId }) => parentId === undefined);
  expect(roots).toMatchObject([{ name: 'passage', attributes: { 'alpr.contradicted': true } }]);
});

test('A passage whose pictures cannot be stored is traced, and says so', async () => {
  const edge = await openEdge();
  await edge.send('AB12CDE', 'final', 'p1');
  // A file where the pictures of the site should lie.
  await rm(join(folder, 'images', 'home'), { recursive: true });
  await writeFile(join(folder, 'images', 'home'), '');
  const { event_id } = await edge.send('AB12CDF', 'final', 'p2');
  const spans = await edge.end();
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([event_id.replaceAll('-', '')]));
  expect(spans.filter(({ failure }) => failure !== undefined)).toMatchObject([
    { name: 'pictures', failure: 'store_failed' },
  ]);
  expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['passage', 'publish']));
});
