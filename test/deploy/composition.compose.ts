import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { Composition } from '../../tools/compose/composition.ts';
import { openEngine } from '../../tools/compose/engine.ts';
import { measureUsage } from '../../tools/compose/measure.ts';
import { weighImage } from '../../tools/compose/node-image.ts';
import { buildImages, NEEDED } from '../../tools/compose/stand-ins.ts';
import { queryPrometheus } from '../../tools/observe/prometheus.ts';
import { installServers } from '../../tools/servers/install.ts';
import { readComposition } from './composition.ts';
import { Page } from './page.ts';

const MINUTE = 60_000;
const NEW_TOKEN = [
  ...['tokens', 'create', '--name', 'trial', '--expires', 'never'],
  ...['--permissions', 'events:read,search,alerts,system,metrics'],
];
const MAILS = 'http://127.0.0.1:8025/api/v1/messages';
const PATIENTLY = { timeout: 10 * MINUTE, interval: 1000 };

const opened = new AsyncDisposableStack();
let composition: Composition;
let page: Page;

beforeAll(async () => {
  const faults = await installServers(NEEDED, say);
  if (faults.size > 0) throw new Error([...faults].map(([name, why]) => `${name}: ${why}`).join('\n'));
  opened.use(await openEngine());
  await buildImages(readComposition().images, say);
  composition = opened.use(await Composition.open());
}, 60 * MINUTE);

afterAll(() => opened.disposeAsync(), 5 * MINUTE);

test('One container is a whole system, with the link to the first account in its log', {
  timeout: 15 * MINUTE,
}, async () => {
  const name = `ovr-alpr-one-${process.pid}`;
  const docker = (...args: readonly string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();
  const image = readComposition().images.get('ALPR_IMAGE') ?? '';
  docker('run', '--detach', '--name', name, '--publish', '127.0.0.1:18000:8000', '--volume', `${name}:/data`, image);
  try {
    const log = () => docker('logs', name);
    await expect.poll(log, PATIENTLY).toMatch(/http:\/\/127\.0\.0\.1:8000\/setup#token=/);
    const token = docker('exec', name, 'node', '/app/bin/alpr.js', ...NEW_TOKEN);
    const own = new Page('http://127.0.0.1:18000', token);
    await expect.poll(async () => (await own.listEvents()).length, PATIENTLY).toBeGreaterThan(0);
    expect(docker('exec', name, 'id', '--user')).toBe('1000');
    const materials = JSON.parse(docker('exec', name, 'cat', '/app/sbom.cdx.json'));
    expect(materials).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { purl: expect.stringContaining('pkg:npm/ovr-alpr@') } },
    });
    expect(materials.components.map((one: { name: string }) => one.name)).toContain('fastify');
  } finally {
    docker('rm', '--force', name);
    docker('volume', 'rm', name);
  }
});

test('The image has at most 350 MB, compressed', { timeout: 15 * MINUTE }, async () => {
  const { unpacked, compressed } = await weighImage(readComposition().images.get('ALPR_IMAGE') ?? '');
  say(`image: ${(unpacked / 1e6).toFixed(0)} MB, compressed ${(compressed / 1e6).toFixed(0)} MB`);
  expect(compressed).toBeLessThanOrEqual(350e6);
});

test('core, edge and trial start, healthy, and cameras fill the database', { timeout: 30 * MINUTE }, async () => {
  await start('core', 'edge', 'trial');
  expect(await composition.run('logs', 'serve')).toMatch(/http:\/\/127\.0\.0\.1:8000\/setup#token=/);
  page = new Page('http://127.0.0.1:8000', await composition.alpr(...NEW_TOKEN));
  await expect.poll(async () => (await page.listEvents()).length, PATIENTLY).toBeGreaterThan(2);
});

test('An alert of the page reaches the mailbox', { timeout: 15 * MINUTE }, async () => {
  await page.write('channels', {
    ...{ id: 'mail', name: 'Mail', kind: 'smtp', host: '127.0.0.1', port: 1025, security: 'none' },
    ...{ from: 'gate@example.org', to: ['guard@example.org'] },
  });
  await page.write('rules', { id: 'all', name: 'Every passage', match: { every_passage: true }, channels: ['mail'] });
  const begun = performance.now();
  await expect.poll(countMails, PATIENTLY).toBeGreaterThan(0);
  say(`the first mail of an alert: ${seconds(begun)} s after its rule`);
});

test('search: a plate of the road is found in OpenSearch', { timeout: 30 * MINUTE }, async () => {
  await composition.set('SEARCH', 'opensearch');
  await start('core', 'edge', 'trial', 'search');
  expect(await composition.alpr('config')).toContain('kind: opensearch');
  const [newest] = await page.listEvents(1);
  await composition.alpr('reindex');
  expect(await page.countFound(newest?.plate.text_normalized ?? '?')).toBeGreaterThan(0);
  await expectNewEvent();
  const [later] = await page.listEvents(1);
  await expect.poll(() => page.countFound(later?.plate.text_normalized ?? '?'), PATIENTLY).toBeGreaterThan(0);
});

test('observe: Prometheus has every process and exporter, and an alarm comes to the page', {
  timeout: 30 * MINUTE,
}, async () => {
  await start('core', 'edge', 'trial', 'search', 'observe');
  const query = (text: string) => queryPrometheus('http://127.0.0.1:9090', text);
  const up = async () =>
    (await query('up == 1')).map(({ labels }) => `${labels.job} ${labels.service ?? ''}`.trim()).sort();
  await expect
    .poll(up, PATIENTLY)
    .toEqual([
      ...['alpr', 'alpr-processes alerts', 'alpr-processes edge', 'alpr-processes index', 'alpr-processes ingest'],
      ...['alpr-serve serve', 'node', 'observe alertmanager', 'observe prometheus', 'postgres'],
    ]);
  const passages = async () => (await query('sum(alpr_passages_total)'))[0]?.value ?? 0;
  await expect.poll(passages, PATIENTLY).toBeGreaterThan(0);
  await page.write('rules', { id: 'alarms', name: 'Alarms', system: { alarm: {} } });
  const alarm = [{ labels: { alertname: 'AlprTrial', severity: 'warning', site: 'home' } }];
  const told = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(alarm) };
  expect((await fetch('http://127.0.0.1:9093/api/v2/alerts', told)).ok).toBe(true);
  await expect.poll(() => page.countAlerts('alarms'), PATIENTLY).toBeGreaterThan(0);
});

test('down and up again: everything is there', { timeout: 30 * MINUTE }, async () => {
  const before = { events: await page.listEvents(), alerts: await page.countAlerts('all'), mails: await countMails() };
  expect(before.mails).toBeGreaterThan(0);
  await composition.run('down', '--timeout', '60');
  expect(await composition.list()).toEqual([]);
  await start('core', 'edge', 'trial', 'search', 'observe');
  const after = new Set((await page.listEvents(500)).map(({ event_id }) => event_id));
  expect(before.events.filter(({ event_id }) => !after.has(event_id))).toEqual([]);
  expect(await page.countAlerts('all')).toBeGreaterThanOrEqual(before.alerts);
  await expectNewEvent();
});

test('Whichever container is killed comes back, and reads go on', { timeout: 120 * MINUTE }, async () => {
  for (const { service, name, state } of await composition.list()) {
    if (state !== 'running') continue;
    const begun = performance.now();
    await composition.kill(name);
    const started = () =>
      execFileSync('docker', ['inspect', '--format', '{{.RestartCount}}', name], { encoding: 'utf8' });
    await expect.poll(() => Number(started()), PATIENTLY).toBeGreaterThan(0);
    await expectHealthy();
    await expectNewEvent();
    say(`${service} killed: healthy, and a new event in the database, after ${seconds(begun)} s`);
  }
});

test('With TLS inside and Kafka on ZooKeeper it starts as well, and nothing of ours talks in plain', {
  timeout: 40 * MINUTE,
}, async () => {
  await composition.run('--profile', '*', 'down', '--volumes', '--timeout', '10');
  await composition.set('INSIDE', 'tls');
  await composition.set('KAFKA', 'zookeeper');
  await composition.set('SEARCH', 'postgres');
  await start('core', 'edge');
  page = new Page('http://127.0.0.1:8000', await composition.alpr(...NEW_TOKEN));
  await expectNewEvent();
  const sql =
    'SELECT count(*) FILTER (WHERE ssl) > 0 AND count(*) FILTER (WHERE NOT ssl AND client_addr IS NOT NULL) = 0 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)';
  const psql = ['exec', '--no-TTY', 'timescaledb', 'psql', '--username', 'alpr', '--dbname', 'alpr', '-tAc', sql];
  expect((await composition.run(...psql)).trim()).toBe('t');
  await expect(fetch('http://127.0.0.1:8081/apis/ccompat/v7/subjects')).rejects.toThrow();
});

/** Starts the profiles, and says how long it took and what they take then. */
async function start(...profiles: readonly string[]): Promise<void> {
  const took = await composition.up(...profiles);
  await expectHealthy();
  await sleep(10_000);
  const usage = await measureUsage(await composition.list());
  const sum = (of: (one: (typeof usage)[number]) => number) => usage.reduce((all, one) => all + of(one), 0);
  say(
    `${profiles.join(', ')}: up after ${took.toFixed(0)} s; ${sum(({ mib }) => mib).toFixed(0)} MiB, ${sum(({ cores }) => cores).toFixed(2)} cores`,
  );
  for (const { service, mib, limitMib, cores } of usage) {
    say(
      `  ${service.padEnd(18)} ${mib.toFixed(0).padStart(5)} of ${limitMib.toFixed(0)} MiB, ${cores.toFixed(2)} cores`,
    );
  }
}

async function expectHealthy(): Promise<void> {
  const unwell = async () => {
    const containers = await composition.list();
    const isWell = ({ state, health }: (typeof containers)[number]) =>
      state === 'exited' ? health === '' : state === 'running' && (health === 'healthy' || health === '');
    return containers.filter((one) => !isWell(one)).map(({ service }) => service);
  };
  await expect.poll(unwell, PATIENTLY).toEqual([]);
}

async function expectNewEvent(): Promise<void> {
  const since = new Date().toISOString();
  const newest = async () => (await page.listEvents(1).catch(() => []))[0]?.detected_at ?? '';
  await expect.poll(async () => (await newest()) > since, PATIENTLY).toBe(true);
}

async function countMails(): Promise<number> {
  const answer = await fetch(MAILS);
  return z.object({ total: z.int() }).parse(await answer.json()).total;
}

function seconds(begun: number): string {
  return ((performance.now() - begun) / 1000).toFixed(0);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
