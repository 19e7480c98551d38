import { randomUUID } from 'node:crypto';
import { createLog } from '../base/log.ts';
import type { KafkaConfig } from '../bus/config.ts';
import { examineKafka, examineRegistry, findRegistry } from '../bus/examine.ts';
import { CLOCK_APART_S } from '../contract/camera-advice.ts';
import type { DbConfig } from '../db/config.ts';
import { openDatabase } from '../db/open.ts';
import { openImages } from '../images/open.ts';
import type { OpenSearchConfig } from '../search/config.ts';
import { type Cluster, openCluster } from '../search/opensearch.ts';
import { readDatabaseStatus } from '../store/upkeep/status.ts';
import type { Config } from './config.ts';
import type { Finding } from './examine-camera.ts';

/** How long a server may take to answer, milliseconds. */
const PATIENCE_MS = 10_000;

/** Clocks farther apart than this are worth a word, and than this in the way, milliseconds. */
const APART_MS = { advice: 1000 * CLOCK_APART_S, fault: 300_000 };

/** Tries everything that the configuration names: whether it answers, lets us in and is of a version that fits. */
export async function examineServers(config: Config): Promise<readonly Finding[]> {
  const { bus, database, search } = config;
  const found = await Promise.all([
    bus.kind === 'kafka' ? attempt(`Kafka at ${bus.brokers.join(', ')}`, () => examineBroker(bus)) : [],
    bus.kind === 'kafka' ? examineSchemas(bus) : [],
    database.kind === 'postgres' ? attempt(nameDatabase(database.url), () => examineDatabase(config, database)) : [],
    attempt(namePictures(config), () => examinePictures(config)),
    search.kind === 'opensearch'
      ? attempt(`OpenSearch at ${search.nodes.join(', ')}`, () => examineSearch(search))
      : [],
  ]);
  return found.flat();
}

/** What is found of one server: a sentence to follow its name, and more where its clock is wrong. */
type Examined = Readonly<{ level: Finding['level']; text: string; clockMs?: number }>;

async function attempt(name: string, examine: () => Promise<Examined>): Promise<readonly Finding[]> {
  try {
    const { level, text, clockMs } = await examine();
    return [{ level, text: `${name}: ${text}` }, ...judgeClock(name, clockMs)];
  } catch (error) {
    return [{ level: 'fault', text: `${name}: ${error instanceof Error ? error.message : String(error)}` }];
  }
}

function judgeClock(name: string, apartMs = 0): readonly Finding[] {
  const apart = Math.abs(apartMs);
  if (apart < APART_MS.advice) return [];
  const text = `${name}: its clock is ${(apart / 1000).toFixed(0)} s ${apartMs > 0 ? 'ahead of' : 'behind'} ours; set both by NTP`;
  return [{ level: apart < APART_MS.fault ? 'advice' : 'fault', text }];
}

async function examineBroker(config: KafkaConfig): Promise<Examined> {
  const { brokers, generation, missing, clockMs } = await examineKafka(config);
  const clock = clockMs === undefined ? {} : { clockMs };
  const answers = `${brokers} ${brokers === 1 ? 'broker answers' : 'brokers answer'} (${generation})`;
  if (missing.length === 0)
    return { level: 'good', text: `${answers}, all topics are there, and we may write`, ...clock };
  const topics = `${answers}; the topics ${missing.join(', ')} do not exist, or we may not see them`;
  if (config.topics.create) return { level: 'advice', text: `${topics}; they are made when they are needed`, ...clock };
  return { level: 'fault', text: `${topics}: create them, or set bus.topics.create`, ...clock };
}

async function examineSchemas(config: KafkaConfig): Promise<readonly Finding[]> {
  const registry = findRegistry(config);
  if (!registry) return [];
  return attempt(`Schema registry at ${registry.url}`, async () => {
    const whyNot = await examineRegistry(config, { ...registry, timeout_ms: PATIENCE_MS });
    if (whyNot !== undefined) return { level: 'fault', text: whyNot };
    return { level: 'good', text: 'it answers and takes the schema of this version' };
  });
}

async function examineDatabase(config: Config, kind: Extract<DbConfig, { kind: 'postgres' }>): Promise<Examined> {
  const url = new URL(kind.url);
  url.searchParams.set('query_timeout', String(PATIENCE_MS));
  const database = { ...kind, url: url.href };
  await using opened = await openDatabase({ config: database, dataFolder: config.data, log: quiet() });
  const { sql } = opened;
  const asked = Date.now();
  const [now] = await sql.query<{ ms: number; creates: boolean }>(
    `SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms,
       coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS creates`,
  );
  const clockMs = (now?.ms ?? asked) - (asked + Date.now()) / 2;
  if (!now?.creates) {
    return { level: 'fault', text: 'its user may not create tables; GRANT CREATE ON SCHEMA public', clockMs };
  }
  const { server, pending, division } = await readDatabaseStatus(sql);
  const state = pending.length === 0 ? 'up to date' : `${pending.length} migrations are applied at the next start`;
  const divided = division === 'timescale' ? ' with TimescaleDB' : '';
  return { level: 'good', text: `PostgreSQL ${server}${divided}, ${state}`, clockMs };
}

async function examinePictures(config: Config): Promise<Examined> {
  const kind = config.images;
  const images = kind.kind === 's3' ? { ...kind, timeout_ms: PATIENCE_MS } : kind;
  await using store = await openImages({ config: images, dataFolder: config.data });
  const [key, bytes] = [`doctor/${randomUUID()}.jpg`, Buffer.from('probe')];
  await store.put(key, bytes, 'image/jpeg');
  const kept = await store.get(key);
  await store.remove(key);
  if (!kept || !bytes.equals(kept.bytes)) return { level: 'fault', text: 'a picture is not given back as it was' };
  return { level: 'good', text: 'a picture can be written, read and removed' };
}

type Nodes = Readonly<{ nodes: Readonly<Record<string, Readonly<{ timestamp: number }>>> }>;

async function examineSearch(config: OpenSearchConfig): Promise<Examined> {
  await using cluster = openCluster({ ...config, request_timeout_ms: PATIENCE_MS });
  const { body: about } = await cluster.request<{ version: { number: string; distribution?: string } }>({
    method: 'GET',
    path: '/',
  });
  const { number, distribution = 'an older engine' } = about.version;
  if (distribution !== 'opensearch' || Number.parseInt(number, 10) < 2) {
    return { level: 'fault', text: `expected OpenSearch 2 or newer, it is ${distribution} ${number}` };
  }
  const { body: health } = await cluster.request<{ status: string }>({ method: 'GET', path: '/_cluster/health' });
  const clockMs = await readClock(cluster);
  if (health.status === 'red') return { level: 'fault', text: `OpenSearch ${number}, its state is red`, clockMs };
  const probe = `/${config.index}.doctor`;
  await cluster.request({ method: 'PUT', path: `${probe}/_doc/probe`, body: { at: Date.now() } });
  await cluster.request({ method: 'DELETE', path: probe });
  return { level: 'good', text: `OpenSearch ${number}, its state is ${health.status}, it takes documents`, clockMs };
}

async function readClock(cluster: Cluster): Promise<number> {
  const asked = Date.now();
  const { status, body } = await cluster.request<Nodes>({
    method: 'GET',
    path: '/_nodes/_local/stats/os',
    // A managed cluster may not show its nodes.
    allow: [401, 403, 404],
  });
  const [node] = status === 200 ? Object.values(body.nodes) : [];
  return node ? node.timestamp - (asked + Date.now()) / 2 : 0;
}

function nameDatabase(url: string): string {
  return `Database at ${new URL(url).host}`;
}

function namePictures({ images }: Config): string {
  return images.kind === 's3' ? `Pictures at ${images.endpoint}` : `Pictures in ${images.folder}`;
}

function quiet() {
  return createLog({ level: 'silent' });
}
