import { expect, test } from 'vitest';
import { AlprError } from '../../src/base/errors.ts';
import { createLog } from '../../src/base/log.ts';
import type { PartCheck } from '../../src/base/service.ts';
import { createIngestMetrics } from '../../src/ingest/metrics.ts';
import { BatchOutcomes } from '../../src/telemetry/batch-outcomes.ts';
import { Health } from '../../src/telemetry/health.ts';
import { openHealthServer } from '../../src/telemetry/health-server.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';

test('A consumer works from its start: no alarm before the first batch', async () => {
  const telemetry = new Telemetry();
  const outcomes = new BatchOutcomes(createIngestMetrics(telemetry));
  expect(outcomes.state().ok).toBe(true);
  expect((await telemetry.format()).text).toContain('\nalpr_ingest_works 1\n');
  await expect(outcomes.watch(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect((await telemetry.format()).text).toContain('\nalpr_ingest_works 0\n');
});

const TRIAL = { help: 'cars', unit: 'none', advice: 'look' } as const;

async function open(port = 0, host = '127.0.0.1') {
  const health = new Health(createLog({ level: 'silent' }));
  const telemetry = new Telemetry();
  telemetry.gauge({ ...TRIAL, name: 'alpr_consumer_lag', labels: ['group'] });
  const server = await openHealthServer({
    service: 'ingest',
    version: '9.9.9',
    health,
    formatMetrics: () => telemetry.format(),
    host,
    port,
    setting: 'health.ingest',
  });
  const ask = async (path = '/health') => {
    const response = await fetch(server.url + path);
    return { code: response.status, text: await response.text(), cache: response.headers.get('cache-control') };
  };
  return { health, ask, port: Number(new URL(server.url).port), [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
}

const vital = (name: string, check: PartCheck) => ({ name, dependence: 'vital', check }) as const;

test('A service is starting, then well, then degraded or not at work by the part that fails; it lives all the while', async () => {
  await using server = await open();
  const { health, ask } = server;
  const [database, bus] = [{ ok: true }, { ok: true }];
  expect(await ask()).toMatchObject({ code: 503, text: expect.stringContaining('"status":"starting"') });
  health.add(vital('database', async () => database));
  health.add({ name: 'bus', dependence: 'useful', kind: 'kafka', check: async () => bus });
  health.setReady();
  const states = [];
  for (const [data, broker] of [
    [true, true],
    [true, false],
    [false, true],
  ] as const) {
    database.ok = data;
    bus.ok = broker;
    const { code, text, cache } = await ask();
    states.push([code, JSON.parse(text).status]);
    expect(JSON.parse(text)).toMatchObject({
      service: 'ingest',
      version: '9.9.9',
      database: { ok: data },
      bus: { ok: broker, kind: 'kafka' },
    });
    expect(cache).toBe('no-store');
    expect((await ask('/health/live')).code).toBe(200);
  }
  expect(states).toEqual([
    [200, 'ok'],
    [200, 'degraded'],
    [503, 'degraded'],
  ]);
});

test('What fails is said once when it is noticed, with its reason, and once when it works again', async () => {
  const lines: object[] = [];
  const target = { write: (text: string) => void lines.push(JSON.parse(text)), isTerminal: false, hasColours: false };
  const health = new Health(createLog({ level: 'info' }, target));
  let isAway = true;
  const check = async () => {
    if (isAway) throw new AlprError('DATABASE_UNAVAILABLE', 'no answer from 10.0.0.7');
    return { ok: true };
  };
  health.add(
    vital('sql', check),
    vital('bus', async () => ({ ok: true })),
  );
  const reason = 'The database cannot be reached';
  const { parts } = await health.examine();
  expect(JSON.stringify(parts)).toBe(`{"bus":{"ok":true},"sql":{"ok":false,"message":"${reason}"}}`);
  await health.examine();
  isAway = false;
  await health.examine();
  await health.examine();
  expect(lines).toMatchObject([
    { level: 'warn', part: 'sql', reason },
    { level: 'info', part: 'sql' },
  ]);
});

test('A part that throws or never answers counts as away, and does not hold up the answer', async () => {
  await using server = await open();
  server.health.add(
    vital('database', () => Promise.reject(new Error('password=secret'))),
    vital('disk', () => new Promise<never>(() => {})),
  );
  server.health.setReady();
  const begun = performance.now();
  const { code, text } = await server.ask();
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(code).toBe(503);
  expect(JSON.parse(text)).toMatchObject({ database: { ok: false }, disk: { ok: false } });
  expect(text).not.toContain('secret');
});

test('Metrics are shown beside it, other paths are not there, and a port that is taken is said', async () => {
  await using server = await open();
  expect((await server.ask('/metrics')).text).toContain('# TYPE alpr_consumer_lag gauge');
  expect((await server.ask('/secret')).code).toBe(404);
  await expect(open(server.port)).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: expect.stringContaining('health.ingest'),
  });
  // RFC 5737 keeps 192.0.2.0/24 for documentation: no machine has such an address.
  await expect(open(0, '192.0.2.1')).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('address of this machine'),
  });
});

test('Batches are well before the first one and after one that was handled, not while one comes again or once the service is stopped', async () => {
  const telemetry = new Telemetry();
  const works = telemetry.gauge({ ...TRIAL, name: 'works' });
  const retries = telemetry.counter({ ...TRIAL, name: 'retries', labels: ['cause'] });
  const outcomes = new BatchOutcomes({ works, retries });
  expect(outcomes.state()).toEqual({ ok: true, failures: 0 });
  const away = new Error('the database is away');
  await expect(outcomes.watch(() => Promise.reject(away))).rejects.toBe(away);
  expect(outcomes.state()).toEqual({ ok: false, failures: 1, message: expect.stringContaining('comes again') });
  await outcomes.watch(async () => undefined);
  expect(outcomes.state()).toEqual({ ok: true, failures: 1 });
  const { text } = await telemetry.format();
  expect(text).toContain('works 1');
  expect(text).toContain('retries{cause="INTERNAL"} 1');
  outcomes[Symbol.dispose]();
  expect((await telemetry.format()).text).toContain('works 0');
});

test('An instrument that is declared twice is one, and a name cannot be two kinds', async () => {
  const telemetry = new Telemetry();
  telemetry.counter({ ...TRIAL, name: 'seen' }).inc();
  telemetry.counter({ ...TRIAL, name: 'seen' }).inc();
  expect((await telemetry.format()).text).toContain('seen 2');
  expect(() => telemetry.gauge({ ...TRIAL, name: 'seen' })).toThrow('already declared');
});
