import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import { createAuthorization } from '../../tools/servers/api-token.ts';
import { findFreePorts } from '../../tools/servers/ports.ts';
import { kafkaConfig, openBusOn } from '../bus/open-kafka.ts';
import { describeWith, shareDatabase, shareKafka, shareRegistry, uniqueName } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';
import { callAlpr, runAlpr } from './run-alpr.ts';

const log = createLog({ level: 'silent' });
const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'alpr.js');
const patient = { timeout: 60_000, interval: 250 };

describeWith(['kafka', 'registry'], 'alpr on Kafka', () => {
  const opened = new AsyncDisposableStack();
  const prefix = uniqueName('commands');
  let folder: string;
  let port: number;
  let bus: Awaited<ReturnType<typeof openBusOn>>;

  beforeAll(async () => {
    const [kafka, registry, database] = await Promise.all([shareKafka(), shareRegistry(), shareDatabase()]);
    opened.use(database);
    folder = await mkdtemp(join(tmpdir(), 'commands-'));
    [port = 0] = await findFreePorts(1);
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    const config = {
      data: folder,
      server: { port: 0 },
      metrics: { port: 0, report_seconds: 0.5 },
      health: { ingest: port },
      database: { kind: 'postgres', url: database.url },
      bus: { ...kafkaConfig(kafka.brokers, prefix), registry: { url: registry.url } },
    };
    await writeFile(join(folder, 'alpr.yaml'), JSON.stringify(config));
    bus = await openBusOn(kafka.brokers, { prefix, log });
    opened.use(bus.bus);
  });
  afterAll(() => opened.disposeAsync());

  /** Starts a command that runs until it is told to stop; resolves to what it says when it is ready. */
  async function startAlpr(command: string): Promise<string> {
    const child = spawn(process.execPath, [PROGRAM, command], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
    opened.defer(() => stop(child));
    const [line] = await once(child.stdout, 'data');
    return String(line);
  }

  test('ingest, serve, metrics-consumer and dlq work together as processes', async () => {
    const [shown, served] = await Promise.all(['metrics-consumer', 'serve', 'ingest'].map(startAlpr));
    const urlIn = (text = '') => /http:\/\/\S+/.exec(text)?.[0] ?? '';
    const event = makeEvent({ text: 'KA12FKA' });
    const send = (key: string, value: Uint8Array) =>
      bus.transport.publish([{ topic: bus.topics.plates, key, value, headers: { sent: 'by hand' } }]);
    await send(event.camera_id, encodeEvent(event));
    await send('gate', Buffer.from('poison'));

    const authorization = await createAuthorization(['--config', join(folder, 'alpr.yaml')]);
    const read = async (path: string) => (await fetch(path, { headers: { authorization } })).text();
    await expect.poll(() => read(`${urlIn(served)}/events/recent`), patient).toContain('KA12FKA');
    await expect
      .poll(() => read(urlIn(shown)), patient)
      .toMatch(/alpr_dead_letters_total\{cause="EVENT_INVALID",site="home",service="ingest",instance="[^"]+"\} 1/);

    const health = await fetch(`http://127.0.0.1:${port}/health`);
    expect([health.status, await health.json()]).toMatchObject([
      200,
      {
        status: 'ok',
        service: 'ingest',
        bus: { ok: true },
        database: { ok: true },
        batches: { ok: true, failures: 0 },
      },
    ]);
    await expect
      .poll(() => read(urlIn(shown)), patient)
      .toMatch(/alpr_consumer_lag\{topic="[^"]+plates",group="ingest",[^}]+\} 0/);
    expect((await fetch(urlIn(shown).replace('/metrics', '/health'))).status).toBe(200);

    const listed = await callAlpr(folder, ['dlq', 'list', '--json']);
    const letter = JSON.parse(listed.out);
    expect(letter).toMatchObject({ code: 'EVENT_INVALID', key: 'gate', bytes: 6, headers: { sent: 'by hand' } });
    const table = await callAlpr(folder, ['dlq', 'list']);
    expect(table.out).toMatch(/^id +at +code +key +bytes +error\n.*EVENT_INVALID +gate +6/);
    expect((await callAlpr(folder, ['dlq', 'show', letter.id])).out).toMatch(
      /headers +\{"sent":"by hand"\}[\s\S]*\n\npoison\n$/,
    );

    expect((await callAlpr(folder, ['dlq', 'replay', letter.id])).out).toBe('1 handed in again.\n');
    const again = async () => (await callAlpr(folder, ['dlq', 'list', '--json'])).out;
    await expect.poll(again, patient).toContain('"alpr-replays":"1"');
    expect((await callAlpr(folder, ['dlq', 'drop', '--all', '--code', 'EVENT_INVALID'])).out).toBe('1 dropped.\n');
    expect((await callAlpr(folder, ['dlq', 'list'])).out).toBe('No dead letters.\n');
    const missing = await callAlpr(folder, ['dlq', 'drop', letter.id]);
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('alpr dlq list shows those there are')]);
  }, 180_000);

  test('what needs Kafka says so where it is not configured', async () => {
    const answer = await runAlpr(tmpdir(), ['ingest', '--data', folder]);
    expect([answer.code, answer.err]).toEqual([1, expect.stringContaining('expected bus.kind kafka')]);
  });
});

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
