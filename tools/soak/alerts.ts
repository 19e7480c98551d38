import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatYaml } from '../../src/app/config.ts';
import { createLog } from '../../src/base/log.ts';
import { busConfigSchema, type KafkaConfig } from '../../src/bus/config.ts';
import { type OpenedKafka, openKafka } from '../../src/bus/open.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Sql } from '../../src/db/sql.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { startKafka } from '../servers/kafka.ts';
import { startPostgres } from '../servers/postgres.ts';
import { planPassages, planPlates, planRules, RECEIVER, type SoakPassage, type SoakRule } from './alert-plan.ts';
import { AlertReceiver } from './alert-receiver.ts';
import { type AlertsVerdict, type Expected, judgeAlerts, listExpected, type Row, readAlerts } from './judge-alerts.ts';
import { KeptProcess, type Victim } from './kept-process.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');
const CHUNK = 100;
/** Every so many chunks one goes out twice, as from an edge that did not hear that it had arrived. */
const REPEATED = 3;
const PER_MINUTE = { per_minute: 100_000 };
/** Nothing new for so long, and the rest is missing. */
const PATIENCE_MS = 120_000;

export type AlertsSoak = Readonly<{
  passages: number;
  rules: number;
  kills: number;
  seed: number;
  /** An empty database, and a broker with topics of this prefix. */
  url: string;
  brokers: readonly string[];
  prefix: string;
  folder: string;
  /** What runs, the first two of which share the work. */
  commands: readonly ('alerts' | 'ingest')[];
  /** Servers that are killed, too. */
  servers?: readonly Victim[];
  report?: (line: string) => void;
}>;

/** Kills (-9) and stops processes, database and broker while passages are held against rules: `npm run soak -- alerts`. */
export async function soakAlerts(options: Pick<AlertsSoak, 'passages' | 'rules' | 'kills' | 'seed'>): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'alpr-soak-alerts-'));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(folder, { recursive: true }));
  const [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
  opened.use(kafka);
  opened.use(postgres);
  const named = (name: string, { control }: typeof kafka | typeof postgres): Victim => ({
    name,
    kill: () => control.kill(),
    pause: () => control.pause(),
    resume: () => control.resume(),
    restart: () => control.restart(),
  });
  const servers = [named('kafka', kafka), named('postgres', postgres)];
  const commands = ['alerts', 'alerts', 'ingest'] as const;
  const given = {
    commands,
    url: postgres.url,
    brokers: kafka.brokers,
    prefix: 'soak',
    folder,
    servers,
    report: console.log,
  };
  const verdict = await killAmidAlerts({ ...options, ...given });
  console.table(verdict);
  const { expected, repeats: _, kills, ...faults } = verdict;
  return expected > 0 && kills >= options.kills && Object.values(faults).every((count) => count === 0);
}

/** Publishes passages while one after the other of two processes, and whatever else is given, is killed or stopped. */
export async function killAmidAlerts(options: AlertsSoak): Promise<AlertsVerdict> {
  const { seed, report = () => {} } = options;
  await using opened = new AsyncDisposableStack();
  const log = createLog({ level: 'silent' });
  const sql = opened.use(await openPostgres({ connectionString: options.url, poolSize: 2, log }));
  await migrate({ sql, log });
  const plates = planPlates(options.rules, seed);
  const rules = planRules(options.rules, plates, seed + 1);
  const passages = planPassages(options.passages, plates, seed + 2);
  const config = describeBus(options);
  const receiver = opened.use(await AlertReceiver.open());
  const processes = await startProcesses(opened, { ...options, receiver }, rules);
  const kafka = opened.use(await openKafka({ config, dataFolder: options.folder, log, telemetry: new Telemetry() }));
  const expected = listExpected(rules, passages);
  report(`${expected.size} alerts are expected`);
  let sent = 0;
  let kills = 0;
  const sending = (async () => {
    for (; sent < passages.length; sent = Math.min(passages.length, sent + CHUNK)) {
      await publishChunk(kafka, passages.slice(sent, sent + CHUNK), (sent / CHUNK) % REPEATED === 0 ? 2 : 1);
    }
  })();
  const [first, ...others] = processes;
  const victims = [...(first ? [first] : []), receiver, ...others, ...(options.servers ?? [])];
  for (; kills < options.kills; kills += 1) {
    while (sent < ((kills + 1) * passages.length) / (options.kills + 1)) await sleep(5);
    const victim = victims[kills % victims.length];
    const how = Math.floor(kills / victims.length) % 2 === 0 ? 'killed' : 'stopped';
    report(`${sent} sent: ${victim?.name} ${how}`);
    await (how === 'killed' ? victim?.kill() : victim?.pause());
    await sleep(how === 'killed' ? 500 : 12_000);
    await (how === 'killed' ? victim?.restart() : victim?.resume());
  }
  await sending;
  await settle({ sql, receiver }, expected, report);
  return { ...(await judgeAlerts({ sql, kafka, receiver, expected })), kills };
}

function describeBus({ brokers, prefix }: AlertsSoak): KafkaConfig {
  const names = ['plates', 'alerts', 'metrics', 'dead_letters', 'live', 'watch'];
  const topics = Object.fromEntries(names.map((name) => [name, `${prefix}.${name}`]));
  const given = { kind: 'kafka', brokers, format: 'json', session_timeout_ms: 6000, publish_timeout_ms: 10_000 };
  const config = busConfigSchema.parse({ ...given, topics: { ...topics, partitions: 4 } });
  if (config.kind !== 'kafka') throw new TypeError('expected Kafka');
  return config;
}

async function startProcesses(
  opened: AsyncDisposableStack,
  options: AlertsSoak & Readonly<{ receiver: AlertReceiver }>,
  rules: readonly SoakRule[],
) {
  const { folder, url, receiver } = options;
  const rulesFile = join(folder, 'rules.yaml');
  const channel = { id: RECEIVER, name: 'Receiver', kind: 'webhook', url: receiver.url, ordered: false, ...PER_MINUTE };
  await writeFile(rulesFile, formatYaml({ channels: [channel], rules: rules.map(({ written }) => written) }));
  const { brokers, topics, session_timeout_ms, publish_timeout_ms } = describeBus(options);
  const common = {
    bus: { kind: 'kafka', brokers: [...brokers], format: 'json', topics, session_timeout_ms, publish_timeout_ms },
    database: { kind: 'postgres', url, pool_size: 3 },
    health: { alerts: 0 },
    alerts: { rules_file: rulesFile, delivery: { at_once: 16, timeout_ms: 2000, retry_max_ms: 2000, pause_ms: 1000 } },
    channels: { allow: ['127.0.0.1'] },
  };
  return Promise.all(
    options.commands.map(async (command, at) => {
      const name = `${command}-${at}`;
      const file = join(folder, `${name}.yaml`);
      await mkdir(join(folder, name), { recursive: true });
      await writeFile(file, formatYaml({ data: join(folder, name), ...common }));
      const args = [PROGRAM, '--config', file, command];
      const kept = opened.use(new KeptProcess({ name, args, logFile: join(folder, `${name}.log`) }));
      await kept.restart();
      return kept;
    }),
  );
}

async function publishChunk({ bus }: OpenedKafka, passages: readonly SoakPassage[], times: number): Promise<void> {
  const early = passages.map(([first]) => first).filter((event) => event !== undefined);
  const late = passages.flatMap(([, second]) => second ?? []);
  for (let time = 0; time < times; time += 1) {
    for (const events of [early, late]) {
      while (!(await bus.publish('plates', events).then(isDone, isNotDone))) await sleep(200);
    }
  }
}

const isDone = () => true;
const isNotDone = () => false;

async function settle(
  { sql, receiver }: Readonly<{ sql: Sql; receiver: AlertReceiver }>,
  expected: Expected,
  report: (line: string) => void,
): Promise<void> {
  let [last, since] = ['', performance.now()];
  while (performance.now() - since < PATIENCE_MS) {
    const rows = await readAlerts(sql).catch((): readonly Row[] => []);
    const standing = rows.filter(({ status }) => status !== 'withdrawn').length;
    const unpublished = rows.filter(({ revision, published }) => published < revision).length;
    const unsent = await countUnsent(sql);
    const state = `${standing} of ${expected.size} stand, ${unpublished} are not published, ${unsent} messages wait`;
    // A receiver that is told is news, too.
    const told = `${state}, ${receiver.told.size} are told`;
    if (told !== last) [last, since] = [told, performance.now()];
    // Alerts of early reads may stand for a moment longer.
    const isDone = standing === expected.size && unpublished === 0 && unsent === 0;
    if (isDone && performance.now() - since > 3000) return;
    await sleep(500);
  }
  report(`nothing happens any more: ${last}`);
}

async function countUnsent(sql: Sql): Promise<number> {
  const ask = sql.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM alert_deliveries WHERE state NOT IN ('sent', 'dropped', 'dead')",
  );
  return ask.then(([row]) => row?.n ?? Number.NaN).catch(() => Number.NaN);
}
