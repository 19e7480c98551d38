import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../../src/base/log.ts';
import { openPostgres } from '../../../src/db/postgres.ts';
import type { Sql } from '../../../src/db/sql.ts';
import { findFreePorts } from '../../../tools/servers/ports.ts';
import { listSent } from '../../../tools/soak/check.ts';
import { KeptProcess } from '../../../tools/soak/kept-process.ts';
import type { Task } from '../../../tools/soak/traffic.ts';
import { describeWith, startKafka, startPostgres, startRegistry } from '../../servers/servers.ts';
import { unpackCommit, whyNoCommit } from '../earlier-commit.ts';
import { RoundRobin } from './round-robin.ts';

const run = promisify(execFile);
const HERE = resolve(import.meta.dirname, '..', '..', '..');
/** The version before: its database ends at migration 030, and those after it change the table of events. */
const BEFORE = '06509225243fa28e420a9b8e95acf68ebf4f64f5';
/** What the program and the simulated edge need. */
const PARTS = ['bench', 'channel-presets', 'models', 'package.json', 'plate-formats', 'sql', 'src', 'tools'];
/** `SHARE` is more than an edge comes to in this time, and a batch is what it may have sent without noting it. */
const [EDGES, SHARE, PER_SECOND, BATCH] = [2, 1_000_000, 10, 50];
/** Rows that lie there already, so that migrations have something to go through. */
const OLD_ROWS = 50_000;
const DRAIN_SECONDS = 5;
const PATHS = [
  '/api/v1/events/recent?limit=20',
  '/api/v1/events/search?q=S1*&limit=20',
  '/api/v1/stats',
  '/api/v1/events/search?camera=soak-1-0&limit=50',
  '/api/v1/cameras',
];
const patient = { timeout: 240_000, interval: 250 };

const missing = whyNoCommit(BEFORE);
if (missing !== undefined) {
  test('needs the version before', (context) => {
    process.stderr.write(`skipped: rolling upgrade: ${missing}\n`);
    context.skip(missing);
  });
} else {
  describeWith(['kafka', 'registry'], 'An upgrade, process by process and under load', () => {
    const opened = new AsyncDisposableStack();
    const serving = new Map<string, { name: string; port: number; process: KeptProcess }>();
    let folder: string;
    let old: string;
    let sql: Sql;
    let common: Record<string, unknown>;
    let client: RoundRobin;
    let tasks: readonly Task[];
    let edges: KeptProcess[];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'alpr-rolling-'));
      opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
      old = join(folder, 'before');
      unpackCommit(BEFORE, PARTS, old);
      await symlink(join(HERE, 'node_modules'), join(old, 'node_modules'));
      const [kafka, registry, postgres] = await Promise.all([
        startKafka(),
        startRegistry(),
        startPostgres({ isDurable: false }),
      ]);
      for (const server of [kafka, registry, postgres]) opened.use(server);
      const log = createLog({ level: 'silent' });
      sql = opened.use(await openPostgres({ connectionString: postgres.url, poolSize: 2, log }));
      common = {
        log: { level: 'info' },
        bus: {
          kind: 'kafka',
          brokers: [...kafka.brokers],
          publish_timeout_ms: 10_000,
          topics: { partitions: 6 },
          registry: { url: registry.url },
        },
        database: { kind: 'postgres', url: postgres.url, pool_size: 8 },
        metrics: { report_seconds: 2 },
        // The same for all.
        accounts: { key_file: join(folder, 'keys', 'sign-in.key') },
        audit: { key_folder: join(folder, 'keys') },
      };
      await mkdir(join(folder, 'keys'));
    }, 300_000);
    afterAll(() => opened.disposeAsync());

    /** A process of the version in `tree`, with a configuration file and a data folder that follow its name. */
    async function start(
      tree: string,
      name: string,
      settings: object,
      program = 'src/cli.ts',
      args: readonly string[] = [],
    ) {
      const file = join(folder, `${name}.yaml`);
      const data = join(folder, name);
      await mkdir(data, { recursive: true });
      await writeFile(file, JSON.stringify({ ...common, ...settings, data }));
      const given = program === 'src/cli.ts' ? ['--config', file, ...args] : [file, ...args];
      const logFile = join(folder, `${name}.log`);
      const process = opened.use(new KeptProcess({ name, args: [join(tree, program), ...given], logFile }));
      await process.restart();
      return process;
    }

    async function startReady(tree: string, name: string, port: number): Promise<void> {
      const service = name.split('-')[0] ?? '';
      const more = tree === HERE ? { drain_seconds: DRAIN_SECONDS } : {};
      const settings = service === 'serve' ? { server: { port, ...more } } : { health: { [service]: port } };
      const running = await start(tree, name, settings, 'src/cli.ts', [service]);
      const health = () =>
        fetch(`http://127.0.0.1:${port}/health`).then(
          ({ status }) => status,
          () => 0,
        );
      await expect.poll(health, { ...patient, message: `${name} is ready` }).toBe(200);
      serving.set(name, { name, port, process: running });
    }

    async function stop(running: KeptProcess): Promise<void> {
      expect(await running.stop(), `exit code of ${running.name}`).toBe(0);
      expect(running.ends).toEqual([]);
    }

    const countRows = async () => {
      const [counted] = await sql.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM plate_events WHERE site_id = 'soak'",
      );
      return counted?.n ?? 0;
    };
    /** A command of the version before; beside it, the requests of this process go on. */
    const callOld = (name: string, ...args: readonly string[]) =>
      run(process.execPath, [join(old, 'src/cli.ts'), '--config', join(folder, `${name}.yaml`), ...args], {
        timeout: 120_000,
      });
    const nameOf = ({ edge }: Task) => `edge-${edge}`;
    const startSender = (tree: string, task: Task) =>
      start(tree, nameOf(task), {}, 'tools/soak/simulated-edge.ts', [JSON.stringify(task), String(PER_SECOND)]);

    /** Killed, because the simulated edge knows no better: what it sent without noting it goes out again. Resolves to how much it made. */
    async function killSender(at: number): Promise<number> {
      const edge = edges[at] ?? expect.unreachable();
      await edge.kill();
      const notes = join(folder, edge.name, 'produced');
      const [noted, said] = [Number(await readFile(notes, 'utf8')), JSON.parse(edge.lastLine).produced as number];
      // A kill in the middle of writing it leaves nothing in it.
      if (noted < said) await writeFile(notes, String(said));
      return Math.max(noted, said);
    }

    test('the version before runs, with traffic and people', async () => {
      const [first = 0, second = 0, third = 0, fourth = 0] = await findFreePorts(4);
      await startReady(old, 'serve-0', first);
      const may = ['--permissions', 'events:read,search,system', '--expires', 'never'];
      const token = await callOld('serve-0', 'tokens', 'create', '--name', 'client', ...may);
      await Promise.all([
        startReady(old, 'serve-1', second),
        startReady(old, 'ingest-0', third),
        startReady(old, 'ingest-1', fourth),
      ]);
      const startedAt = Date.now() - 86_400_000;
      tasks = Array.from({ length: EDGES }, (_, edge) => ({ edge, share: SHARE, startedAt }));
      edges = await Promise.all(tasks.map((task) => startSender(old, task)));
      await expect.poll(countRows, patient).toBeGreaterThan(200);
      await fillUp(sql);
      client = opened.use(
        new RoundRobin({
          urls: ['serve-0', 'serve-1'].map(urlOf),
          authorization: `Bearer ${token.stdout.trim()}`,
          paths: PATHS,
          perSecond: 5,
        }),
      );
      await expect.poll(() => client.answers, patient).toBeGreaterThan(30);
      expect(client.failures).toEqual([]);
    }, 400_000);

    const urlOf = (name: string) => `http://127.0.0.1:${serving.get(name)?.port}`;

    test('each process is replaced by one of this version while the others go on', async () => {
      // What the version before does not do: it says that it is ready until it is gone.
      for (const name of ['serve-0', 'serve-1']) {
        const { port, process } = serving.get(name) ?? expect.unreachable();
        client.admit(urlOf(name), false);
        await expect.poll(() => client.countOpen(urlOf(name)), patient).toBe(0);
        await stop(process);
        await startReady(HERE, name, port);
        client.admit(urlOf(name), true);
        await expect.poll(() => client.isReady(urlOf(name)), patient).toBe(true);
      }
      for (const name of ['ingest-0', 'ingest-1']) {
        const { port, process } = serving.get(name) ?? expect.unreachable();
        await stop(process);
        await startReady(HERE, name, port);
      }
      for (const [at, task] of tasks.entries()) {
        await killSender(at);
        edges[at] = await startSender(HERE, task);
      }
      expect(client.failures).toEqual([]);
    }, 400_000);

    test('the version before refuses the database from now on, in a sentence', async () => {
      const starting = callOld('edge-0', '--set', `data=${join(folder, 'refused')}`, 'ingest');
      const { code, stderr } = await starting.catch((error) => error);
      expect(code).toBe(1);
      const files = readdirSync(join(HERE, 'sql')).filter((name) => name.endsWith('.sql'));
      const firstNew = files.toSorted().find((name) => !existsSync(join(old, 'sql', name)));
      expect(stderr).toContain(
        `holds migration ${firstNew} that this program does not have; use the version that wrote it, or a newer one`,
      );
    }, 150_000);

    test('this version is restarted process by process, and whoever obeys /health notices nothing', async () => {
      for (const name of ['serve-0', 'ingest-0', 'serve-1', 'ingest-1']) {
        const { port, process } = serving.get(name) ?? expect.unreachable();
        await stop(process);
        await startReady(HERE, name, port);
        if (name.startsWith('serve')) await expect.poll(() => client.isReady(urlOf(name)), patient).toBe(true);
      }
      expect(client.failures).toEqual([]);
      expect(client.answers).toBeGreaterThan(200);
    }, 300_000);

    test('every event is there once, in its newest revision, and nothing else is', async ({ annotate }) => {
      const { newest } = listSent(await endTraffic());
      await expect.poll(countRows, patient).toBe(newest.size);
      const rows = await sql.query<{ event_id: string; revision: number; times: number }>(
        `SELECT event_id, max(revision) AS revision, count(*)::int AS times FROM plate_events
          WHERE site_id = 'soak' GROUP BY event_id`,
      );
      expect(rows.filter(({ times }) => times > 1)).toEqual([]);
      expect(rows.filter(({ event_id, revision }) => newest.get(event_id)?.revision !== revision)).toEqual([]);
      expect(client.failures).toEqual([]);
      await annotate(
        `${newest.size} passages, ${client.answers} answers, the slowest after ${client.slowestMs.toFixed(0)} ms`,
      );
      for (const name of serving.keys()) await expectQuiet(name);
    }, 400_000);

    /** Lets the edges send what they have begun, and resolves to all that they made since they were first started. */
    async function endTraffic(): Promise<readonly Task[]> {
      const ended: Task[] = [];
      for (const [at, task] of tasks.entries()) {
        const last = { ...task, share: (await killSender(at)) + BATCH };
        const edge = await startSender(HERE, last);
        const left = () => edge.lastLine && JSON.parse(edge.lastLine);
        await expect.poll(left, patient).toMatchObject({ produced: last.share, waiting: 0 });
        ended.push(last);
      }
      return ended;
    }

    /** Nothing went wrong in a process that it would tell an operator. */
    async function expectQuiet(name: string): Promise<void> {
      const lines = (await readFile(join(folder, `${name}.log`), 'utf8')).split('\n');
      expect(lines.filter((line) => /"level":("error"|"fatal"|50|60)/.test(line))).toEqual([]);
    }
  });
}

/** Rows of long ago, as many copies of what is there as are needed. */
async function fillUp(sql: Sql): Promise<void> {
  await sql.query(`INSERT INTO plate_events (event_id, detected_at, revision, status, site_id, camera_id, text_normalized,
      candidates, confidence, event)
    SELECT gen_random_uuid(), detected_at - interval '40 days', revision, status, 'past', camera_id, text_normalized, candidates,
      confidence, event
    FROM (SELECT * FROM plate_events WHERE site_id = 'soak' LIMIT 200) AS made, generate_series(1, ${OLD_ROWS / 200})`);
}
