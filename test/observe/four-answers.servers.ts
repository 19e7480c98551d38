import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { stageModel } from '../../src/models/add/stage-model.ts';
import { type Observed, startObserved } from '../../tools/observe/observe.ts';
import { queryPrometheus } from '../../tools/observe/prometheus.ts';
import { keepLog } from '../camera/log.ts';
import { type HttpSide, openHttpSide } from '../channels/sides/http-side.ts';
import { describeWith } from '../servers/describe-with.ts';
import { openRoadCamera, type RoadCamera } from './road-camera.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
/** A minute of the shipped rules is a second here. */
const FASTER = 60;
const DAY_MS = 86_400_000 / FASTER;
const SPARE_BYTES = 1_000_000_000;
const MINUTES = 60_000;

/** What of the dashboards must show a fault: the panel's query, for our camera. */
const PANELS = {
  passages: ['cameras', 'Vehicles, plates, reads'],
  reads: ['cameras', 'Read rate against the usual'],
  broker: ['kafka', 'Connections that work'],
  pictures: ['edge', 'Events without pictures'],
} as const;

describeWith(['kafka', 'registry', 'promtool', 'alertmanager', 'exporters'], 'Four faults, each with its alarm', () => {
  const opened = new AsyncDisposableStack();
  let folder: string;
  let observed: Observed;
  let camera: RoadCamera;
  let hook: HttpSide;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'observed-'));
    opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    camera = opened.use(await openRoadCamera());
    hook = opened.use(await openHttpSide(() => ({ body: 'ok' }), { secure: false }));
    const rules = {
      channels: [{ id: 'hook', name: 'Hook', kind: 'webhook', url: `${hook.url}/hook` }],
      rules: [{ id: 'alarms', name: 'Alarms', system: { alarm: {} }, channels: ['hook'] }],
    };
    await writeFile(join(folder, 'rules.yaml'), JSON.stringify(rules));
    const { bavail, bsize } = await statfs(folder);
    observed = await startObserved(opened, {
      folder,
      servers: ['kafka', 'registry', 'postgres'],
      faster: FASTER,
      history: writeHistory(),
      settings: {
        cameras: [{ kind: 'http', id: 'gate', name: 'Gate', url: camera.url, fps: 25 }],
        alerts: { rules_file: join(folder, 'rules.yaml') },
        channels: { allow: ['127.0.0.1'] },
        edge: { reserve_bytes: bavail * bsize - SPARE_BYTES },
      },
      say: () => {},
    });
  }, 10 * MINUTES);
  afterAll(() => opened.disposeAsync(), 2 * MINUTES);

  test(
    'what will break next? A disk without room beyond the reserve shows with the next passage',
    async () => {
      expect(await listFiring()).not.toContain('AlprDiskReserve');
      const ballast = join(folder, 'ballast');
      onTestFinished(() => rm(ballast, { force: true }));
      execFileSync('fallocate', ['-l', String(2 * SPARE_BYTES), ballast]);
      await expect.poll(listFiring, within(3)).toContain('AlprDiskReserve');
      await expect.poll(() => askPanel(PANELS.pictures), within(1)).toBeGreaterThan(0);
      await expect.poll(listTold, within(1)).toContain('AlprDiskReserve raised');
      expect(readRunbook('AlprDiskReserve')).toMatch(/make room/);
      await rm(ballast);
      await expect.poll(listFiring, within(3)).not.toContain('AlprDiskReserve');
      await expect.poll(listTold, within(1)).toContain('AlprDiskReserve withdrawn');
    },
    10 * MINUTES,
  );

  test(
    'where is an event that should have come? A broker that stops is told of though events wait, and they come afterwards',
    async () => {
      const kafka = observed.parts.find(({ name }) => name === 'kafka');
      expect(await listFiring()).not.toContain('AlprBrokerAway');
      onTestFinished(async () => {
        if (kafka && !kafka.control.isRunning) await kafka.control.restart();
      });
      await kafka?.control.stop();
      await expect.poll(listFiring, within(2)).toContain('AlprBrokerAway');
      await expect.poll(() => askPanel(PANELS.broker), within(1)).toBe(0);
      await expect.poll(listTold, within(1)).toContain('AlprBrokerAway raised');
      expect(readRunbook('AlprBrokerAway')).toMatch(/start the broker/);
      await kafka?.control.restart();
      await expect.poll(listFiring, within(3)).not.toContain('AlprBrokerAway');
      await expect.poll(() => ask('max(alpr_spool_entries)'), within(3)).toBe(0);
    },
    10 * MINUTES,
  );

  test(
    'a camera that delivers nothing but black shows, because vehicles passed a day ago',
    async () => {
      await expect.poll(() => ask('sum(increase(alpr_passages_total[20s]))'), within(3)).toBeGreaterThan(0);
      expect(await listFiring()).not.toContain('AlprCameraSeesNothing');
      camera.isBlind = true;
      await expect.poll(listFiring, within(4)).toContain('AlprCameraSeesNothing');
      expect(await ask('max(alpr_camera_up{camera="gate"})')).toBe(1);
      await expect.poll(() => askPanel(PANELS.passages), within(1)).toBe(0);
      await expect.poll(listTold, within(1)).toContain('AlprCameraSeesNothing raised');
      expect(readRunbook('AlprCameraSeesNothing')).toMatch(/clean it/);
      camera.isBlind = false;
      await expect.poll(listFiring, within(4)).not.toContain('AlprCameraSeesNothing');
    },
    10 * MINUTES,
  );

  test(
    'does every camera read as well as last week? A worse model shows within minutes, and the runbook goes back',
    async () => {
      await expect.poll(() => ask('alpr_camera_read_ratio'), within(5)).toBeGreaterThan(0);
      await seedUsualReads((await ask('alpr_camera_read_ratio')) ?? 1);
      // It asks once an hour what is usual, and has asked before.
      await observed.services.get('serve')?.restart();
      await expect.poll(() => ask('alpr:camera_read_ratio:of_usual'), within(5)).toBeGreaterThan(0.8);
      expect(await listFiring()).not.toContain('AlprCameraReadsLess');
      await using staged = await stageModel({
        ...{ file: join(ROOT, 'test/fixtures/readers/random_rec.onnx'), folder: join(folder, 'models') },
        ...{ providers: ['cpu'], log: keepLog() },
      });
      await staged.keep();
      const text = await readFile(observed.configFile, 'utf8');
      const worse = `models: { reader: random_rec, folders: [${join(folder, 'models')}, ${join(ROOT, 'models')}] }\n`;
      await restartEdge(text + worse);
      await expect.poll(listFiring, within(8)).toContain('AlprCameraReadsLess');
      await expect.poll(() => askPanel(PANELS.reads), within(1)).toBeLessThan(0.8);
      await expect.poll(listTold, within(1)).toContain('AlprCameraReadsLess raised');
      expect(readRunbook('AlprCameraReadsLess')).toMatch(/previous/);
    },
    20 * MINUTES,
  );

  const within = (minutes: number) => ({ timeout: minutes * MINUTES, interval: 500 });

  const ask = async (query: string) => (await queryPrometheus(observed.prometheus, query))[0]?.value;

  async function listFiring(): Promise<readonly string[]> {
    const found = await queryPrometheus(observed.prometheus, 'ALERTS{alertstate="firing"}');
    return found.map(({ labels }) => labels.alertname ?? '');
  }

  /** Each alarm that a channel was told of, and how. */
  function listTold(): readonly string[] {
    return hook.asked.map(({ body }) => {
      const { type, data } = JSON.parse(body.toString());
      const subject: string = data.system?.subject ?? '';
      return `${subject.split(' ')[0]} ${String(type).replace('alert.', '')}`;
    });
  }

  /** The newest value of the first query of a panel. */
  async function askPanel([board, title]: readonly [string, string]): Promise<number | undefined> {
    const text = readFileSync(join(ROOT, 'deploy', 'grafana', 'dashboards', `${board}.json`), 'utf8');
    const panel = findPanel(JSON.parse(text), title);
    const query = String(panel?.targets?.[0]?.expr)
      .replaceAll('$__rate_interval', '30s')
      .replaceAll(/\$(site|camera)/g, '.*');
    return ask(query);
  }

  async function restartEdge(config: string): Promise<void> {
    const edge = observed.services.get('edge');
    await edge?.stop();
    await writeFile(observed.configFile, config);
    // As after a night: what the camera read until now is no part of the newest six hours.
    await query(`UPDATE passage_counts SET hour = hour - interval '7 hours' WHERE hour > now() - interval '6 hours'`);
    await edge?.restart();
  }

  async function query(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: observed.parts.find(({ name }) => name === 'postgres')?.address });
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  /** Two weeks in which the camera read as well as it does here: on a busy machine it has few looks at each plate. */
  async function seedUsualReads(ratio: number): Promise<void> {
    const read = Math.round(100 * ratio);
    await query(
      `INSERT INTO passage_counts (site_id, camera_id, outcome, reason, run, hour, before, total)
       SELECT 'home', 'gate', outcome, '', 'r' || day, date_bin('1 hour', now(), '2000-01-01') - day * interval '1 day', 0, total
       FROM generate_series(1, 14) AS day, (VALUES ('read', ${read}), ('lost', ${100 - read})) AS outcomes (outcome, total)`,
    );
  }
});

type Panel = Readonly<{ title?: string; targets?: readonly Readonly<{ expr?: string }>[]; panels?: readonly Panel[] }>;

function findPanel({ panels = [] }: Panel, title: string): Panel | undefined {
  for (const panel of panels) {
    const found = panel.title === title ? panel : findPanel(panel, title);
    if (found) return found;
  }
  return undefined;
}

/** Passages of a day ago, which is a while ago here: 60 an hour, which is a minute. */
function writeHistory(): string {
  const now = Date.now();
  const lines = ['# TYPE alpr_passages counter'];
  const labels = 'camera="gate",outcome="read",reason="",light="day",site="home",service="edge",instance="before"';
  for (let at = now - 1.4 * DAY_MS, count = 0; at < now - 60_000; at += 1000, count += 1) {
    lines.push(`alpr_passages_total{${labels}} ${count} ${(at / 1000).toFixed(3)}`);
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

function readRunbook(alert: string): string {
  const page = readFileSync(join(ROOT, 'docs', 'operations', 'runbooks.md'), 'utf8');
  return page.split(/^## /m).find((entry) => entry.startsWith(`${alert}\n`)) ?? '';
}
