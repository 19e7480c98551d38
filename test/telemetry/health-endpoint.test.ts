import { expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import type { Log } from '../../src/base/log.ts';
import { areBatchesHandled, openHealth } from '../../src/telemetry/health-endpoint.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { findFreePorts } from '../../tools/servers/ports.ts';

const metrics = createMetrics();
const quiet = () => undefined;
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet, child: () => log };

async function open() {
  const [port = 0] = await findFreePorts(1);
  const config = loadConfig({ environment: {}, settings: [`health.ingest=${port}`] });
  const health = await openHealth({ config, service: 'ingest', metrics, log });
  const ask = async (path = '/health') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { code: response.status, text: await response.text() };
  };
  return { config, health, ask };
}

test('Nothing listens unless a port is given to the service', async () => {
  const config = loadConfig({ environment: {}, settings: ['health.ingest=0'] });
  const said: unknown[] = [];
  const listening = { ...log, info: (fields: object) => said.push(fields) };
  await using _edge = await openHealth({ config, service: 'edge', metrics, log: listening });
  expect(said).toEqual([]);
  await using _ingest = await openHealth({ config, service: 'ingest', metrics, log: listening });
  expect(said).toMatchObject([{ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/health$/) }]);
});

test('A process is starting, then well, then degraded or not at work by the part that fails; it lives all the while', async () => {
  const { health, ask } = await open();
  await using _ = health;
  const [database, bus] = [{ ok: true }, { ok: true }];
  expect(await ask()).toMatchObject({ code: 503, text: expect.stringContaining('"status":"starting"') });
  health.add('database', 'vital', async () => database);
  health.add('bus', 'useful', async () => bus);
  health.setReady();
  const states = [];
  for (const [data, broker] of [
    [true, true],
    [true, false],
    [false, true],
  ] as const) {
    database.ok = data;
    bus.ok = broker;
    const { code, text } = await ask();
    states.push([code, JSON.parse(text).status]);
    expect(JSON.parse(text)).toMatchObject({ service: 'ingest', database: { ok: data }, bus: { ok: broker } });
    expect((await ask('/health/live')).code).toBe(200);
  }
  expect(states).toEqual([
    [200, 'ok'],
    [200, 'degraded'],
    [503, 'degraded'],
  ]);
});

test('A part that throws or never answers counts as away, and does not hold up the answer', async () => {
  const { health, ask } = await open();
  await using _ = health;
  health.add('database', 'vital', () => Promise.reject(new Error('password=secret')));
  health.add('disk', 'vital', () => new Promise<never>(() => {}));
  health.setReady();
  const begun = performance.now();
  const { code, text } = await ask();
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(code).toBe(503);
  expect(JSON.parse(text)).toMatchObject({ database: { ok: false }, disk: { ok: false } });
  expect(text).not.toContain('secret');
});

test('Metrics are shown beside it, other paths are not there, and a port that is taken is said', async () => {
  const { config, health, ask } = await open();
  await using _ = health;
  expect((await ask('/metrics')).text).toContain('# TYPE alpr_consumer_lag gauge');
  expect((await ask('/secret')).code).toBe(404);
  await expect(openHealth({ config, service: 'ingest', metrics, log })).rejects.toMatchObject({ code: 'PORT_IN_USE' });
});

test('Batches are well before the first one and after one that was handled, not while one comes again', async () => {
  const { ingestWorks, ingestRetries } = createMetrics();
  const isWell = async () => (await areBatchesHandled(ingestWorks, ingestRetries)).ok;
  expect(await isWell()).toBe(true);
  ingestWorks.set(0);
  ingestRetries.inc({ cause: 'DATABASE_UNAVAILABLE' });
  expect(await isWell()).toBe(false);
  ingestWorks.set(1);
  expect(await isWell()).toBe(true);
});
