import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addTrace } from '../../src/edge/spooled-event.ts';
import { formatParent } from '../../src/telemetry/tracing/trace-context.ts';
import { makeEvents } from '../backend/store.ts';
import { load, openTraces } from './open-traced.ts';

/** Brings events from a spool into the database by the sources of one tree; prints the processor time of each event, in microseconds. */
const WARM_UP = 10_000;
const EVENTS = 25_000;
const AT_ONCE = 500;
const MOST_WAITING = 5000;

const [
  { createLog },
  { openBus },
  { encodeEvent },
  { openPostgres },
  { migrate },
  { createEdgeMetrics },
  { Publisher },
  { Spool },
  { ingestConfigSchema },
  { runIngest },
  { createIngestMetrics },
  { createDeadLetterTable },
  { Telemetry },
] = await Promise.all([
  load<typeof import('../../src/base/log.ts')>('base/log.ts'),
  load<typeof import('../../src/bus/open.ts')>('bus/open.ts'),
  load<typeof import('../../src/contract/codec.ts')>('contract/codec.ts'),
  load<typeof import('../../src/db/postgres.ts')>('db/postgres.ts'),
  load<typeof import('../../src/db/migrate.ts')>('db/migrate.ts'),
  load<typeof import('../../src/edge/metrics.ts')>('edge/metrics.ts'),
  load<typeof import('../../src/edge/publisher.ts')>('edge/publisher.ts'),
  load<typeof import('../../src/edge/spool.ts')>('edge/spool.ts'),
  load<typeof import('../../src/ingest/config.ts')>('ingest/config.ts'),
  load<typeof import('../../src/ingest/ingest.ts')>('ingest/ingest.ts'),
  load<typeof import('../../src/ingest/metrics.ts')>('ingest/metrics.ts'),
  load<typeof import('../../src/store/dead-letters.ts')>('store/dead-letters.ts'),
  load<typeof import('../../src/telemetry/telemetry.ts')>('telemetry/telemetry.ts'),
]);

await using opened = new AsyncDisposableStack();
const log = createLog({ level: 'error' });
const traces = opened.use(await openTraces());
const server = process.argv[3] ?? '';
await using whole = await openPostgres({ connectionString: server, poolSize: 1, log });
await whole.query('DROP DATABASE IF EXISTS bench');
await whole.query('CREATE DATABASE bench');
const sql = opened.use(await openPostgres({ connectionString: new URL('bench', server).href, poolSize: 8, log }));
await migrate({ sql, log });
const telemetry = new Telemetry();
const tracing = { edge: traces.of('edge'), ingest: traces.of('ingest') };
const { bus } = opened.use(
  await openBus({
    ...{ config: { kind: 'memory' }, dataFolder: '', requiredGroups: [], log, telemetry },
    ...(tracing.edge && { tracing: tracing.edge }),
  } as Parameters<typeof openBus>[0]),
);
const metrics = createIngestMetrics(telemetry);
const images = { remove: async () => undefined };
const config = ingestConfigSchema.parse(undefined);
opened.use(
  await runIngest({
    ...{ bus, sql, images, deadLetters: createDeadLetterTable(sql), log, metrics, config },
    ...(tracing.ingest && { tracing: tracing.ingest }),
  } as Parameters<typeof runIngest>[0]),
);
const folder = await mkdtemp(join(tmpdir(), 'bench-traced-'));
opened.defer(() => rm(folder, { recursive: true }));
const spool = opened.use(await Spool.open({ folder, segmentBytes: 8_000_000, log }));
const publisher = opened.use(
  new Publisher({
    ...{ spool, bus, log, metrics: createEdgeMetrics(telemetry) },
    ...(tracing.edge && { tracing: tracing.edge }),
  } as ConstructorParameters<typeof Publisher>[0]),
);

const now = new Date().toISOString();
const time = { first_seen: now, best: now, last_seen: now, published: now };
const events = makeEvents(WARM_UP + EVENTS).map(({ event_id: id, ...event }) => {
  return { id, payload: encodeEvent({ event_id: id, ...event, time }) };
});
await bring(events.slice(0, WARM_UP));
const begun = process.cpuUsage();
await bring(events.slice(WARM_UP));
const { user, system } = process.cpuUsage(begun);
process.stdout.write(String((user + system) / EVENTS));

type Made = Readonly<{ id: string; payload: Uint8Array }>;

/** Keeps the spool filled until all are through. */
async function bring(some: readonly Made[]): Promise<void> {
  for (let at = 0; at < some.length; at += AT_ONCE) {
    await Promise.all(some.slice(at, at + AT_ONCE).map(append));
    publisher.notify();
    while (spool.waiting > MOST_WAITING) await sleep(1);
  }
  while (spool.waiting > 0) await sleep(5);
}

/** As an edge does: whether an event is traced is decided when it is made, and stands beside it. */
async function append({ id, payload }: Made): Promise<void> {
  const isTraced = tracing.edge?.samples(id) ?? false;
  if (isTraced) tracing.edge?.want(id);
  await spool.append(isTraced ? addTrace(payload, formatParent(id)) : payload);
}
