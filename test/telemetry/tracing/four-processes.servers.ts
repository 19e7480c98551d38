import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthorization } from '../../../tools/servers/api-token.ts';
import { type JaegerServer, startJaeger } from '../../../tools/servers/jaeger.ts';
import { type HttpSide, openHttpSide } from '../../channels/sides/http-side.ts';
import { describeWith, shareDatabase, startKafka } from '../../servers/servers.ts';
import { type JaegerSpan, readJaegerTrace } from './jaeger-trace.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'src', 'cli.ts');
const patient = { timeout: 240_000, interval: 500 };

/** What each process does for an event that a rule matches and somebody asks for. */
const STEPS = [
  'alerts alert',
  'alerts delivery',
  'alerts kafka',
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
  'ingest ingest',
  'ingest kafka',
  'ingest row',
  'serve GET /events/:id',
];

describeWith(['kafka', 'jaeger'], 'Four processes on Kafka and PostgreSQL', () => {
  const opened = new AsyncDisposableStack();
  let kafka: Awaited<ReturnType<typeof startKafka>>;
  let jaeger: JaegerServer;
  let hook: HttpSide;
  let folder: string;
  let serve: string;
  let authorization: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'traced-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    const database = opened.use(await shareDatabase());
    [kafka, jaeger, hook] = await Promise.all([
      startKafka().then((one) => opened.use(one)),
      startJaeger().then((one) => opened.use(one)),
      openHttpSide(() => ({ body: 'ok' })).then((one) => opened.use(one)),
    ]);
    const channel = { id: 'hook', name: 'Hook', kind: 'webhook', url: `${hook.url}/hook`, ca: hook.ca };
    const rule = { id: 'all', name: 'All', match: { every_passage: true }, channels: ['hook'] };
    await writeFile(join(folder, 'rules.yaml'), JSON.stringify({ channels: [channel], rules: [rule] }));
    const config = {
      data: folder,
      cameras: [{ kind: 'simulator', id: 'gate', name: 'Gate', passages_per_minute: 12, lanes: 1, night: false }],
      server: { port: 0 },
      health: { alerts: 0 },
      database: { kind: 'postgres', url: database.url },
      bus: { kind: 'kafka', brokers: kafka.brokers, format: 'json' },
      alerts: { rules_file: join(folder, 'rules.yaml') },
      channels: { allow: ['127.0.0.1'] },
      tracing: { endpoint: jaeger.grpc, share: 1 },
    };
    await writeFile(join(folder, 'alpr.yaml'), JSON.stringify(config));
    // The first one migrates the database.
    await startAlpr('ingest');
    const [said] = await Promise.all(['serve', 'alerts'].map(startAlpr));
    // It says nothing when it is ready: its events do.
    void startAlpr('edge').catch(() => undefined);
    serve = /http:\/\/\S+/.exec(said ?? '')?.[0] ?? '';
    authorization = await createAuthorization(['--config', join(folder, 'alpr.yaml')]);
  }, 300_000);
  afterAll(() => opened.disposeAsync(), 60_000);

  /** Starts a command that runs until the end; resolves to what it says when it is ready. */
  async function startAlpr(command: string): Promise<string> {
    const child = spawn(process.execPath, [PROGRAM, command], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
    opened.defer(async () => {
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.kill('SIGTERM')) await ended;
    });
    const [line] = await once(child.stdout, 'data');
    return String(line);
  }

  async function listEvents(): Promise<readonly { event_id: string; time: { published: string } }[]> {
    const answer = await fetch(`${serve}/events/recent?limit=100`, { headers: { authorization } });
    expect(answer.status).toBe(200);
    return (await answer.json()).events;
  }

  const readTrace = (eventId: string) => readJaegerTrace(jaeger.query, eventId);

  const hasStatement = (spans: readonly JaegerSpan[]) => spans.some(({ name }) => name === 'serve SQL SELECT');

  /** The names of what is not a statement, once each, whatever revisions there were. */
  async function listNames(eventId: string): Promise<readonly string[]> {
    const names = (await readTrace(eventId)).map(({ name }) => name).filter((name) => !/ SQL/.test(name));
    return [...new Set(names)].toSorted();
  }

  async function expectWhole(eventId: string): Promise<void> {
    const answer = await fetch(`${serve}/events/${eventId}`, { headers: { authorization } });
    expect(answer.status).toBe(200);
    await expect.poll(() => listNames(eventId), patient).toEqual(STEPS);
    // Jaeger shows what came at once one by one.
    await expect.poll(async () => hasStatement(await readTrace(eventId)), patient).toBe(true);
    const spans = await readTrace(eventId);
    const roots = spans.filter(({ parent }) => parent === undefined);
    expect(roots.map(({ id, name }) => [id, name])).toEqual([[eventId.replaceAll('-', '').slice(16), 'edge passage']]);
    const ids = new Set(spans.map(({ id }) => id));
    expect(ids.size).toBe(spans.length);
    expect(spans.filter(({ parent }) => parent !== undefined && !ids.has(parent))).toEqual([]);
  }

  test('a passage has all its spans in one trace with one root', async () => {
    await expect.poll(async () => (await listEvents()).length, patient).toBeGreaterThan(0);
    const [event] = await listEvents();
    await expectWhole(event?.event_id ?? '');
  }, 600_000);

  test('a passage that waited a minute for the broker has them too, and its wait is one of them', async () => {
    await kafka.control.kill();
    const gone = Date.now();
    await sleep(60_000);
    const back = Date.now();
    await kafka.control.restart();
    const find = async () =>
      (await listEvents()).find(
        ({ time }) => Date.parse(time.published) > gone && Date.parse(time.published) < gone + 30_000,
      );
    await expect.poll(find, patient).toBeDefined();
    const event = (await find()) ?? expect.unreachable();
    await expectWhole(event.event_id);
    const waits = (await readTrace(event.event_id)).filter(({ name }) => name === 'edge wait');
    const published = Date.parse(event.time.published);
    expect(Math.max(...waits.map(({ ms }) => ms))).toBeGreaterThan(back - published - 1000);
  }, 900_000);
});
