import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { alertsService } from '../../src/alerts/service.ts';
import { loadConfig } from '../../src/app/config.ts';
import { AlprError } from '../../src/base/errors.ts';
import { createLog } from '../../src/base/log.ts';
import type { Bus } from '../../src/bus/bus.ts';
import type { Alert } from '../../src/contract/alert.ts';
import type { Sql } from '../../src/db/sql.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';
import { openFileImages } from '../../src/images/files.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { NO_TRACING } from '../../src/telemetry/tracing/tracing.ts';
import { openInProcessBus } from '../bus/open-in-process.ts';
import { readContents } from '../bus/read-contents.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEvent } from '../store/make-event.ts';

const log = createLog({ level: 'silent' });
const patient = { timeout: 15_000, interval: 50 };
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'alpr-alerts-'));
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function openService(bus: Bus, sql: Sql = database.sql) {
  const file = join(folder, 'rules.yaml');
  await writeFile(file, 'rules:\n  - {id: watch, name: Watch, match: {exact: AB12CDE}, channels: [mail]}\n');
  const settings = [`data=${folder}`, `alerts.rules_file=${file}`];
  const config = loadConfig({ environment: {}, settings, file: undefined });
  const telemetry = new Telemetry();
  const [images, keyFile] = await Promise.all([openFileImages(folder), openKeyFile(join(folder, 'key'))]);
  const openChannel = () => Promise.reject(new Error('there is none'));
  const service = await alertsService.open({
    bus,
    sql,
    images,
    keyFile,
    openChannel,
    config,
    telemetry,
    tracing: NO_TRACING,
    log,
  });
  return { service, metrics: async () => (await telemetry.format()).text };
}

test('An event of the bus that a rule matches is in the outbox and on the topic of alerts, and is counted', async () => {
  await using bus = await openInProcessBus(['alerts']);
  const { service, metrics } = await openService(bus);
  await using _ = service;
  const told: Alert[] = [];
  const everything = { topic: 'alerts', group: 'test', maxBatch: 10, maxWaitMs: 0 } as const;
  await bus.subscribe(everything, async (batch) => void told.push(...readContents(batch)));
  const event = makeEvent({ text: 'AB12CDE' });
  await bus.publish('plates', [event, makeEvent({ text: 'XX1' })]);
  expect(await database.sql.query('SELECT channel_id, alert_revision, state FROM alert_deliveries')).toEqual([
    { channel_id: 'mail', alert_revision: 1, state: 'waiting' },
  ]);
  await vi.waitFor(() => expect(told).toHaveLength(1), patient);
  expect(told[0]).toMatchObject({ status: 'raised', passage: { event_id: event.event_id, plate: 'AB12CDE' } });
  const published = () => database.sql.query('SELECT published FROM alerts');
  await vi.waitFor(async () => expect(await published()).toEqual([{ published: 1 }]), patient);
  const text = await metrics();
  expect(text).toMatch(/^alpr_alerts_total\{severity="warning",outcome="raised"\} 1$/m);
  expect(text).toMatch(/^alpr_alert_rules 1$/m);
  expect(text).toMatch(/^alpr_alert_delay_seconds_count 1$/m);
});

test('While the database is away nothing is lost: the batch comes again', async () => {
  let isAway = false;
  const away = () => Promise.reject(new AlprError('DATABASE_UNAVAILABLE', 'Expected the database'));
  const { sql } = database;
  const shaky: Sql = {
    query: (...given) => (isAway ? away() : sql.query(...given)),
    transaction: (work) => (isAway ? away() : sql.transaction(work)),
    [Symbol.asyncDispose]: async () => undefined,
  };
  await using bus = await openInProcessBus(['alerts']);
  const { service } = await openService(bus, shaky);
  await using _ = service;
  isAway = true;
  const event = makeEvent({ text: 'AB12CDE' });
  const sent = bus.publish('plates', [event]);
  const batches = service.parts?.find(({ name }) => name === 'batches');
  await expect.poll(() => batches?.check()).toMatchObject({ ok: false });
  isAway = false;
  await sent;
  expect(await batches?.check()).toMatchObject({ ok: true });
  const rows = await sql.query('SELECT FROM alerts WHERE event_id = $1', [event.event_id]);
  expect(rows).toHaveLength(1);
});
