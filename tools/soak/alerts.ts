import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatYaml } from '../../src/app/config.ts';
import { createLog } from '../../src/base/log.ts';
import { busConfigSchema, type KafkaConfig } from '../../src/bus/config.ts';
import { type OpenedKafka, openKafka } from '../../src/bus/open.ts';
import { AlertCodec } from '../../src/contract/alert-codec.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Sql } from '../../src/db/sql.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { startKafka } from '../servers/kafka.ts';
import { startPostgres } from '../servers/postgres.ts';
import { planPassages, planPlates, planRules, type SoakPassage, type SoakRule } from './alert-plan.ts';
import { KeptProcess, type Victim } from './kept-process.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');
const CHUNK = 100;
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
  /** Servers that are killed, too. */
  servers?: readonly Victim[];
  report?: (line: string) => void;
}>;

/** What came of it; each of the counts but the first two must be 0. */
export type AlertsVerdict = Readonly<{
  expected: number;
  kills: number;
  missing: number;
  doubled: number;
  'not withdrawn': number;
  'that no rule wanted': number;
  'messages missing or doubled': number;
  'not on the topic as they are': number;
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
  const given = { url: postgres.url, brokers: kafka.brokers, prefix: 'soak', folder, servers, report: console.log };
  const verdict = await killAmidAlerts({ ...options, ...given });
  console.table(verdict);
  const { expected, kills, ...faults } = verdict;
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
  const processes = await startProcesses(opened, options, rules);
  const kafka = opened.use(await openKafka({ config, dataFolder: options.folder, log, telemetry: new Telemetry() }));
  const expected = listExpected(rules, passages);
  report(`${expected.size} alerts are expected`);
  let sent = 0;
  let kills = 0;
  const sending = (async () => {
    for (; sent < passages.length; sent = Math.min(passages.length, sent + CHUNK)) {
      await publishChunk(kafka, passages.slice(sent, sent + CHUNK));
    }
  })();
  const victims = [...processes, ...(options.servers ?? [])];
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
  await settle(sql, expected, report);
  return { ...(await judge({ sql, kafka, expected })), kills };
}

function describeBus({ brokers, prefix }: AlertsSoak): KafkaConfig {
  const names = ['plates', 'alerts', 'metrics', 'dead_letters', 'live', 'watch'];
  const topics = Object.fromEntries(names.map((name) => [name, `${prefix}.${name}`]));
  const given = { kind: 'kafka', brokers, format: 'json', session_timeout_ms: 6000, publish_timeout_ms: 10_000 };
  const config = busConfigSchema.parse({ ...given, topics: { ...topics, partitions: 4 } });
  if (config.kind !== 'kafka') throw new TypeError('expected Kafka');
  return config;
}

async function startProcesses(opened: AsyncDisposableStack, options: AlertsSoak, rules: readonly SoakRule[]) {
  const { folder, url } = options;
  const rulesFile = join(folder, 'rules.yaml');
  await writeFile(rulesFile, formatYaml({ rules: rules.map(({ written }) => written) }));
  const { brokers, topics, session_timeout_ms, publish_timeout_ms } = describeBus(options);
  const common = {
    bus: { kind: 'kafka', brokers: [...brokers], format: 'json', topics, session_timeout_ms, publish_timeout_ms },
    database: { kind: 'postgres', url, pool_size: 3 },
    health: { alerts: 0 },
    alerts: { rules_file: rulesFile },
  };
  return Promise.all(
    ['alerts-0', 'alerts-1', 'ingest'].map(async (name) => {
      const file = join(folder, `${name}.yaml`);
      await mkdir(join(folder, name), { recursive: true });
      await writeFile(file, formatYaml({ data: join(folder, name), ...common }));
      const args = [PROGRAM, '--config', file, name.split('-')[0] ?? name];
      const kept = opened.use(new KeptProcess({ name, args, logFile: join(folder, `${name}.log`) }));
      await kept.restart();
      return kept;
    }),
  );
}

/** Every third chunk goes out twice, as from an edge that did not hear that it had arrived. */
async function publishChunk({ bus }: OpenedKafka, passages: readonly SoakPassage[]): Promise<void> {
  const early = passages.map(([first]) => first).filter((event) => event !== undefined);
  const late = passages.flatMap(([, second]) => second ?? []);
  const times = passages.length % 3 === 0 ? 2 : 1;
  for (let time = 0; time < times; time += 1) {
    for (const events of [early, late]) {
      while (!(await bus.publish('plates', events).then(isDone, isNotDone))) await sleep(200);
    }
  }
}

const isDone = () => true;
const isNotDone = () => false;

/** `rule/event` of every alert that must stand at the end. */
function listExpected(rules: readonly SoakRule[], passages: readonly SoakPassage[]): ReadonlySet<string> {
  const expected = new Set<string>();
  for (const passage of passages) {
    const newest = passage.at(-1);
    if (!newest) continue;
    for (const { id, wants } of rules) {
      if (wants(newest.plate.text_normalized, newest.camera_id)) expected.add(`${id}/${newest.event_id}`);
    }
  }
  return expected;
}

type Row = Readonly<{ key: string; alert_id: string; status: string; revision: number; published: number }>;

const READ = `SELECT rule_id || '/' || event_id AS key, alert_id, status, revision, published FROM alerts`;

async function settle(sql: Sql, expected: ReadonlySet<string>, report: (line: string) => void): Promise<void> {
  let [last, since] = ['', performance.now()];
  while (performance.now() - since < PATIENCE_MS) {
    const rows = await sql.query<Row>(READ).catch((): readonly Row[] => []);
    const standing = rows.filter(({ status }) => status !== 'withdrawn').length;
    const waiting = rows.filter(({ revision, published }) => published < revision).length;
    const state = `${standing} of ${expected.size} stand, ${waiting} are not published`;
    if (state !== last) [last, since] = [state, performance.now()];
    // Alerts of early reads may stand for a moment longer.
    if (standing === expected.size && waiting === 0 && performance.now() - since > 3000) return;
    await sleep(500);
  }
  report(`nothing happens any more: ${last}`);
}

type Judged = Readonly<{ sql: Sql; kafka: OpenedKafka; expected: ReadonlySet<string> }>;

async function judge({ sql, kafka, expected }: Judged): Promise<Omit<AlertsVerdict, 'kills'>> {
  const rows = await sql.query<Row>(READ);
  const standing = rows.filter(({ status }) => status !== 'withdrawn').map(({ key }) => key);
  const distinct = new Set(standing);
  const [messages] = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM alerts FULL JOIN (
       SELECT alert_id, max(alert_revision) AS newest, count(*) AS all, count(DISTINCT alert_revision) AS different
       FROM alert_deliveries GROUP BY alert_id) AS sent USING (alert_id)
     WHERE newest IS DISTINCT FROM revision OR "all" <> different OR different <> revision`,
  );
  const onTopic = await readTopic(kafka);
  return {
    expected: expected.size,
    missing: [...expected].filter((key) => !distinct.has(key)).length,
    doubled: rows.length - new Set(rows.map(({ key }) => key)).size,
    'not withdrawn': standing.filter((key) => !expected.has(key)).length,
    'that no rule wanted': [...distinct].filter((key) => !expected.has(key)).length,
    'messages missing or doubled': messages?.n ?? Number.NaN,
    'not on the topic as they are': rows.filter(({ alert_id, revision }) => onTopic.get(alert_id) !== revision).length,
  };
}

/** The last revision of each alert, in the order in which they were published. */
async function readTopic({ bus, transport }: OpenedKafka): Promise<ReadonlyMap<string, number>> {
  const codec = new AlertCodec({ format: 'json' });
  const messages = await transport.readTopic(bus.topics.alerts);
  return new Map(messages.map(({ value }) => codec.decode(value)).map((alert) => [alert.alert_id, alert.revision]));
}
