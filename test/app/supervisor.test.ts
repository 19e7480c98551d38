import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { openServices } from '../../src/app/run.ts';
import { type AnyService, SERVICES } from '../../src/app/services.ts';
import { createLog } from '../../src/base/log.ts';
import type { ServiceControl } from '../../src/base/service.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { createEdgeMetrics } from '../../src/edge/metrics.ts';
import { Publisher } from '../../src/edge/publisher.ts';
import { Spool } from '../../src/edge/spool.ts';
import { shareDatabase } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';

const log = createLog({ level: 'silent' });
const EVENTS = 600;
let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'supervisor-'));
});
afterEach(() => rm(data, { recursive: true }));

/** A service that gives what it was given to the test, and fails to open when told so. */
function createTrial(name: string) {
  const trial = { opened: 0, closed: 0, refuses: false, control: undefined as ServiceControl | undefined };
  const service: AnyService = {
    name,
    summary: 'is tried',
    needs: {},
    groups: [],
    async open({ services }) {
      if (trial.refuses) throw Object.assign(new Error('secret address'), { code: 'ECONNREFUSED' });
      trial.opened += 1;
      trial.control = services;
      return {
        parts: [{ name: `${name}-part`, dependence: 'useful', check: async () => ({ ok: true }) }],
        async [Symbol.asyncDispose]() {
          trial.closed += 1;
        },
      };
    },
  };
  return { trial, service };
}

test('one service is stopped, started and restarted while the others go on, and each says how it is', async () => {
  const [first, second] = [createTrial('first'), createTrial('second')];
  const config = loadConfig({ environment: {}, settings: [`data=${data}`] });
  const services = [first.service, second.service];
  const running = await openServices({ config, command: 'start', services, log });
  const control = first.trial.control as ServiceControl;
  const states = () => control.list().map(({ name, state, restarts }) => [name, state, restarts]);
  expect(states()).toEqual([
    ['first', 'running', 0],
    ['second', 'running', 0],
  ]);

  expect(await control.change('second', 'stop')).toMatchObject({ state: 'stopped', parts: {} });
  expect([second.trial.closed, [...running.byName.keys()]]).toEqual([1, ['first']]);
  expect(await control.change('second', 'stop')).toMatchObject({ state: 'stopped' });
  expect(await control.change('second', 'start')).toMatchObject({
    state: 'running',
    restarts: 1,
    parts: { 'second-part': { ok: true } },
  });
  // Two that press at once: the changes come one after the other.
  await Promise.all([control.change('second', 'restart'), control.change('second', 'restart')]);
  expect(states()).toEqual([
    ['first', 'running', 0],
    ['second', 'running', 3],
  ]);

  second.trial.refuses = true;
  const failed = await control.change('second', 'restart');
  expect(failed).toMatchObject({ state: 'failed', message: 'It fails with ECONNREFUSED' });
  second.trial.refuses = false;
  expect(await control.change('second', 'start')).toMatchObject({ state: 'running', restarts: 4 });
  await expect(control.change('third', 'stop')).rejects.toMatchObject({ code: 'NOT_FOUND' });

  await running[Symbol.asyncDispose]();
  expect([first.trial.opened, first.trial.closed]).toEqual([1, 1]);
  expect([second.trial.opened, second.trial.closed]).toEqual([5, 5]);
});

test('an ingest that is stopped and started while events come loses none and stores none twice', async () => {
  await using database = await shareDatabase();
  const settings = [`data=${data}`, 'database.kind=postgres', `database.url=${database.url}`];
  const config = loadConfig({ environment: {}, settings });
  const ingest = SERVICES.find(({ name }) => name === 'ingest') as AnyService;
  const given: { control?: ServiceControl } = {};
  await using spooled = new AsyncDisposableStack();
  const edge: AnyService = {
    name: 'edge',
    summary: 'publishes what its spool holds',
    needs: { bus: 'useful' },
    groups: [],
    async open({ bus, services, telemetry }) {
      const opened = new AsyncDisposableStack();
      const spool = opened.use(await Spool.open({ folder: join(data, 'spool'), segmentBytes: 100_000, log }));
      const publisher = opened.use(new Publisher({ spool, bus, log, metrics: createEdgeMetrics(telemetry) }));
      given.control = services;
      const see = async () => {
        for (let number = 0; number < EVENTS; number += 1) {
          await spool.append(encodeEvent(makeEvent({ text: `E${number}` })));
          publisher.notify();
        }
      };
      const seeing = see();
      opened.defer(() => seeing);
      return { parts: [], [Symbol.asyncDispose]: () => opened.disposeAsync() };
    },
  };
  await using _ = await openServices({ config, command: 'start', services: [ingest, edge], log });
  const { control } = given;
  const sql = spooled.use(await openPostgres({ connectionString: database.url, poolSize: 1, log }));
  const count = async () => {
    const [row] = await sql.query<{ events: number; texts: number }>(
      'SELECT count(*)::int AS events, count(DISTINCT text_normalized)::int AS texts FROM plate_events',
    );
    return row;
  };
  for (let turn = 0; turn < 2; turn += 1) {
    await control?.change('ingest', 'stop');
    const before = await count();
    await new Promise((done) => setTimeout(done, 150));
    expect(await count()).toEqual(before);
    expect(await control?.change('ingest', 'start')).toMatchObject({
      state: 'running',
      parts: { batches: { ok: true } },
    });
  }
  await expect.poll(count, { timeout: 20_000, interval: 100 }).toEqual({ events: EVENTS, texts: EVENTS });
});
