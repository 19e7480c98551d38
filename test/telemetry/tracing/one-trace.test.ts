import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/app/config.ts';
import { openServices } from '../../../src/app/run.ts';
import { type AnyService, SERVICES } from '../../../src/app/services.ts';
import { createLog } from '../../../src/base/log.ts';
import { FrameTimes } from '../../../src/edge/frame-times.ts';
import { createEdgeMetrics } from '../../../src/edge/metrics.ts';
import { OpenPassages } from '../../../src/edge/open-passages.ts';
import { Outbox } from '../../../src/edge/outbox.ts';
import { Publisher } from '../../../src/edge/publisher.ts';
import { Spool } from '../../../src/edge/spool.ts';
import { createApiToken } from '../../../src/store/api-tokens.ts';
import { openHttpSide } from '../../channels/sides/http-side.ts';
import { createSighting } from '../../edge/sightings.ts';
import { shareDatabase } from '../../servers/servers.ts';
import { receiveHttp } from './otlp-receiver.ts';

const log = createLog({ level: 'silent' });
const PLATE = 'TR4CED';
const RULES = (url: string, ca: string) => `
channels:
  - { id: hook, name: Hook, kind: webhook, url: "${url}/hook", ca: ${JSON.stringify(ca)} }
rules:
  - { id: known, name: Known, match: { exact: ${PLATE} }, channels: [hook] }
`;

test('A passage is one trace from the frame to the delivery and the request, and no span names its plate', async () => {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'traced-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const database = opened.use(await shareDatabase());
  const receiver = opened.use(await receiveHttp());
  const hook = opened.use(await openHttpSide(() => ({ body: 'ok' })));
  await writeFile(join(folder, 'rules.yaml'), RULES(hook.url, hook.ca ?? ''));
  const config = loadConfig({
    environment: { ALPR_TRACING__HEADERS__AUTHORIZATION: 'Bearer 123' },
    settings: [
      ...[`data=${folder}`, 'database.kind=postgres', `database.url=${database.url}`, 'server.port=0'],
      ...[
        `alerts.rules_file=${join(folder, 'rules.yaml')}`,
        'alerts.max_age_hours=87600',
        'channels.allow=[127.0.0.1]',
      ],
      ...[`tracing.endpoint=${receiver.endpoint}`, 'tracing.protocol=http', 'tracing.share=1'],
    ],
  });
  const edge = createEdge(folder);
  const services = [...SERVICES.filter(({ name }) => ['ingest', 'alerts', 'serve'].includes(name)), edge.service];
  const running = opened.use(await openServices({ config, command: 'start', services, log }));
  const { event_id } = await edge.send();
  await expect.poll(() => hook.asked.length, { timeout: 10_000 }).toBe(1);
  const answer = await fetch(`${running.byName.get('serve')?.url}/api/v1/events/${event_id}`, {
    headers: { authorization: `Bearer ${await edge.makeToken()}` },
  });
  expect(answer.status).toBe(200);
  await running[Symbol.asyncDispose]();

  const traceId = event_id.replaceAll('-', '');
  const rootId = traceId.slice(16);
  const spans = receiver.spans.filter((span) => span.traceId === traceId);
  const names = spans.filter(({ name }) => !name.startsWith('SQL')).map(({ service, name }) => `${service} ${name}`);
  expect(names.toSorted()).toEqual([
    'alerts alert',
    'alerts bus',
    'alerts delivery',
    'edge detect',
    'edge frame',
    'edge fuse',
    'edge passage',
    'edge pictures',
    'edge publish',
    'edge read',
    'edge spool',
    'edge track',
    'edge wait',
    'ingest bus',
    'ingest ingest',
    'ingest row',
    'serve GET /events/:id',
  ]);
  const [root] = spans.filter(({ parentId }) => parentId === '');
  expect(root).toMatchObject({
    id: rootId,
    name: 'passage',
    attributes: { 'alpr.event_id': event_id, 'alpr.camera': 'gate', 'alpr.site': 'home', 'alpr.status': 'final' },
  });
  const request = spans.find(({ name }) => name.startsWith('GET'));
  const statements = spans.filter(({ name }) => name.startsWith('SQL'));
  expect(statements.length).toBeGreaterThan(0);
  for (const { parentId } of statements) expect(parentId).toBe(request?.id);
  for (const { name, parentId } of spans) if (!/^(SQL|passage)/.test(name)) expect(parentId, name).toBe(rootId);
  expect(new Set(spans.map(({ id }) => id)).size).toBe(spans.length);
  expect(spans.filter(({ from, to }) => to < from)).toEqual([]);
  expect(JSON.stringify(receiver.spans)).not.toContain(PLATE);
  expect(receiver.headers[0]?.authorization).toBe('Bearer 123');
}, 60_000);

/** An edge without cameras, whose sightings come from the test. */
function createEdge(folder: string) {
  let send: Outbox['send'] | undefined;
  let makeToken: (() => Promise<string>) | undefined;
  const service: AnyService = {
    name: 'edge',
    summary: 'send sightings of a test',
    needs: { bus: 'vital', images: 'useful', sql: 'vital' },
    groups: [],
    async open({ bus, images, sql, telemetry, tracing }) {
      const opened = new AsyncDisposableStack();
      const metrics = createEdgeMetrics(telemetry);
      const spool = opened.use(await Spool.open({ folder: join(folder, 'spool'), segmentBytes: 1_000_000, log }));
      const publisher = opened.use(new Publisher({ spool, bus, log, metrics, tracing }));
      const frameTimes = new FrameTimes();
      const timings = { detectMs: 9, trackMs: 0.2, readMs: 4, fuseMs: 0.3 };
      frameTimes.note(10, { capturedAt: Date.now() - 40, startedAt: Date.now() - 20, timings });
      const outbox = new Outbox({
        ...{ images, spool, publisher, metrics, log, tracing, frameTimes },
        siteId: 'home',
        cameraName: 'Gate',
        markings: { lines: [], zones: [] },
        models: { detector: 'd@1', reader: 'r@1', provider: 'cpu' },
        version: '0.1.0',
        openPassages: await OpenPassages.open(join(folder, 'open-passages'), log),
        now: Date.now,
        hasRoom: async () => true,
      });
      send = (sighting) => outbox.send(sighting);
      makeToken = async () =>
        (await createApiToken(sql, { name: 'test', permissions: ['events:read'], scope: undefined })).secret;
      return { [Symbol.asyncDispose]: () => opened.disposeAsync() };
    },
  };
  return {
    service,
    send: () => send?.(createSighting({ text: PLATE })) ?? expect.unreachable(),
    makeToken: () => makeToken?.() ?? expect.unreachable(),
  };
}
