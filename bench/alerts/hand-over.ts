import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { alertsService } from '../../src/alerts/service.ts';
import { loadConfig } from '../../src/app/config.ts';
import { createLog } from '../../src/base/log.ts';
import { openBus } from '../../src/bus/open.ts';
import type { Channel } from '../../src/channels/channel.ts';
import { channelSchema } from '../../src/contract/channel.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Sql } from '../../src/db/sql.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';
import { openFileImages } from '../../src/images/files.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { NO_TRACING } from '../../src/telemetry/tracing/tracing.ts';
import { startPostgres } from '../../tools/servers/postgres.ts';
import { makeEvents } from '../backend/store.ts';
import type { Row } from '../row.ts';

const RULES = 10_000;
const ENTRIES = 1_000_000;
const PER_SECOND = 100;
const SECONDS = 30;
/** Every fifth passage is on the list. */
const LISTED = 5;

/** The plate of an entry of the list. */
const plateOf = (entry: number) => `L${entry.toString().padStart(7, '0')}`;

/** From an event on the bus until its alert is handed to its channel, with many rules and a long list, in one process. */
export async function measureHandOver(): Promise<readonly Row[]> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'alpr-bench-alerts-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const postgres = opened.use(await startPostgres());
  const log = createLog({ level: 'silent' });
  const sql = opened.use(await openPostgres({ connectionString: postgres.url, poolSize: 8, log }));
  await migrate({ sql, log });
  await fill(sql);
  const telemetry = new Telemetry();
  const kind = { kind: 'memory' } as const;
  const { bus } = opened.use(await openBus({ config: kind, dataFolder: folder, requiredGroups: [], log, telemetry }));
  const handed = new Map<string, number>();
  const channel: Channel = {
    send: async ({ alert }) => {
      handed.set(alert.passage?.event_id ?? '', performance.now());
      return { recipient: 'bench', answer: 'taken' };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  const config = loadConfig({ file: undefined, environment: {}, settings: [`data=${folder}`] });
  const [images, keyFile] = await Promise.all([openFileImages(folder), openKeyFile(join(folder, 'key'))]);
  const given = {
    bus,
    sql,
    images,
    keyFile,
    openChannel: async () => channel,
    config,
    telemetry,
    log,
    tracing: NO_TRACING,
  };
  opened.use(await alertsService.open(given));
  const sent = await send(bus);
  for (let wait = 0; handed.size < sent.size && wait < 100; wait += 1) await sleep(50);
  const delays = [...sent]
    .map(([id, at]) => (handed.get(id) ?? Number.POSITIVE_INFINITY) - at)
    .toSorted((a, b) => a - b);
  const at = (share: number) => delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? Number.NaN;
  const what = `event on the bus → handed to the channel, 10,000 rules, 1,000,000 entries, ${PER_SECOND} events/s`;
  return [
    { what: `${what}, p99`, value: at(0.99), unit: 'ms', ratio: at(0.99) / 50, against: 'the aim of 50 ms' },
    { what: `${what}, median`, value: at(0.5), unit: 'ms' },
  ];
}

async function fill(sql: Sql): Promise<void> {
  await sql.query("INSERT INTO plate_lists (id, name) VALUES ('big', 'Big')");
  await sql.query(
    `INSERT INTO plate_list_entries (list_id, pattern)
     SELECT 'big', 'L' || lpad(at::text, 7, '0') FROM generate_series(0, $1::int - 1) AS at`,
    [ENTRIES],
  );
  await sql.query('ANALYZE plate_list_entries');
  const channel = channelSchema.parse({
    ...{ id: 'bench', name: 'Bench', kind: 'webhook', url: 'http://127.0.0.1' },
    ...{ ordered: false, per_minute: 100_000 },
  });
  await sql.query(
    "INSERT INTO alert_channels (origin, id, channel, changed_by) VALUES ('page', 'bench', $1, 'bench')",
    [JSON.stringify(channel)],
  );
  const rules = Array.from({ length: RULES }, (_, at) => {
    const text = `Q${at.toString(36).toUpperCase().padStart(4, '0')}`;
    const match = at === 0 ? { list: ['big'] } : [{ exact: [text] }, { prefix: [text] }, { contains: [text] }][at % 3];
    return { id: `rule-${at}`, name: `Rule ${at}`, match, channels: ['bench'] };
  });
  await sql.query(
    `INSERT INTO alert_rules (origin, id, rule, changed_by)
     SELECT 'page', rule->>'id', rule, 'bench' FROM jsonb_array_elements($1::jsonb) AS rule`,
    [JSON.stringify(rules)],
  );
  await sql.query('UPDATE alert_settings SET revision = revision + 1');
}

/** Publishes at the rate, whatever the answer; resolves to when each event went out whose alert is awaited. */
async function send(bus: Awaited<ReturnType<typeof openBus>>['bus']): Promise<ReadonlyMap<string, number>> {
  const sent = new Map<string, number>();
  const events = makeEvents(PER_SECOND * SECONDS, 7);
  const began = performance.now();
  const publishing: Promise<void>[] = [];
  for (const [at, made] of events.entries()) {
    const due = began + (at * 1000) / PER_SECOND;
    if (due > performance.now()) await sleep(due - performance.now());
    const isListed = at % LISTED === 0;
    const text = isListed ? plateOf((at * 7919) % ENTRIES) : `X${at}`;
    const now = new Date().toISOString();
    const plate = { ...made.plate, text_raw: text, text_normalized: text };
    const event = { ...made, status: 'final' as const, detected_at: now, plate };
    if (isListed) sent.set(event.event_id, performance.now());
    publishing.push(bus.publish('plates', [event]));
  }
  await Promise.all(publishing);
  return sent;
}
