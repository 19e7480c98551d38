import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '../../src/base/log.ts';
import { createRandom } from '../../src/base/random.ts';
import { openBus } from '../../src/bus/open.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Sql } from '../../src/db/sql.ts';
import { createEdgeMetrics } from '../../src/edge/metrics.ts';
import { Publisher } from '../../src/edge/publisher.ts';
import { Spool } from '../../src/edge/spool.ts';
import { addTrace } from '../../src/edge/spooled-event.ts';
import { ingestConfigSchema } from '../../src/ingest/config.ts';
import { runIngest } from '../../src/ingest/ingest.ts';
import { createIngestMetrics } from '../../src/ingest/metrics.ts';
import { createDeadLetterTable } from '../../src/store/dead-letters.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { formatParent } from '../../src/telemetry/tracing/trace-context.ts';
import { makeEvents } from '../backend/store.ts';
import { openTraces, type TracedBy } from './open-traced.ts';

/**
 * Brings events from spools into one database by ways that are traced as told, in turn, each time in another order. Prints for each way the
 * processor time of an event in each turn, in microseconds, until the last span is sent: that of this process, without PostgreSQL and
 * the server of traces.
 */
const {
  server,
  endpoint,
  turns,
  ways: wanted,
} = JSON.parse(process.argv[2] ?? '{}') as Readonly<{
  server: string;
  endpoint: string;
  turns: number;
  ways: readonly TracedBy[];
}>;
/** Turns that are not counted, while the compiler warms up. */
const WARM_UP = 3;
/** About a second of work: as often as that, spans are sent, and a request costs about as much as ten events. */
const EVENTS = 8000;

const log = createLog({ level: 'error' });
await using opened = new AsyncDisposableStack();
const sql = opened.use(await openPostgres({ connectionString: server, poolSize: 8, log }));
await migrate({ sql, log });
const ways: Way[] = [];
for (const traced of wanted) ways.push(await openWay(sql, traced));
const figures = ways.map((): number[] => []);
const { next } = createRandom(1);
for (let turn = -WARM_UP; turn < turns; turn += 1) {
  const order = [...ways.entries()].map(([at, way]) => ({ at, way, drawn: next() }));
  for (const { at, way } of order.sort((one, other) => one.drawn - other.drawn)) {
    const some = makeEvents(EVENTS, 1000 * (WARM_UP + turn) + at);
    // What one way leaves behind, the next need not clear away.
    globalThis.gc?.();
    const begun = process.cpuUsage();
    await way.bring(some);
    await way.flush();
    const { user, system } = process.cpuUsage(begun);
    if (turn >= 0) figures[at]?.push((user + system) / EVENTS);
  }
}
process.stdout.write(JSON.stringify(figures));

/** `bring` resolves when events are stored, `flush` when their spans are sent. */
type Way = Readonly<{ bring(events: ReturnType<typeof makeEvents>): Promise<void>; flush(): Promise<void> }>;

async function openWay(sql: Sql, traced: TracedBy): Promise<Way> {
  const traces = opened.use(await openTraces(traced, endpoint));
  const telemetry = new Telemetry();
  const tracing = traces.of('edge');
  const config = { kind: 'memory' } as const;
  const { bus } = opened.use(await openBus({ config, dataFolder: '', requiredGroups: [], log, telemetry, tracing }));
  opened.use(
    await runIngest({
      ...{ bus, sql, log, config: ingestConfigSchema.parse(undefined), metrics: createIngestMetrics(telemetry) },
      images: { remove: async () => undefined },
      deadLetters: createDeadLetterTable(sql),
      tracing: traces.of('ingest'),
    }),
  );
  const folder = await mkdtemp(join(tmpdir(), 'bench-traced-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const spool = opened.use(await Spool.open({ folder, segmentBytes: 8_000_000, log }));
  const publisher = opened.use(new Publisher({ spool, bus, log, metrics: createEdgeMetrics(telemetry), tracing }));
  const append = (event: ReturnType<typeof makeEvents>[number]) => {
    const now = new Date().toISOString();
    const time = { first_seen: now, best: now, last_seen: now, published: now };
    const { event_id: id } = event;
    const payload = encodeEvent({ ...event, time });
    // As an edge does: whether an event is traced is decided when it is made, and stands beside it.
    const isTraced = tracing.samples(id);
    if (isTraced) tracing.want(id);
    return spool.append(isTraced ? addTrace(payload, formatParent(id)) : payload);
  };
  return {
    async bring(some) {
      await Promise.all(some.map(append));
      publisher.notify();
      while (spool.waiting > 0) await sleep(5);
    },
    flush: traces.flush,
  };
}
