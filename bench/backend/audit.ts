import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiConfigSchema } from '../../src/api/config.ts';
import type { Server } from '../../src/api/context.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { openApi } from '../../src/api/server.ts';
import { auditConfigSchema } from '../../src/audit/config.ts';
import { type Audit, openAudit } from '../../src/audit/open-audit.ts';
import { createLog } from '../../src/base/log.ts';
import { openBus } from '../../src/bus/open.ts';
import type { Sql } from '../../src/db/sql.ts';
import type { AuditEntry } from '../../src/identity/audit-entry.ts';
import { accountsConfigSchema } from '../../src/identity/config.ts';
import { openFileImages } from '../../src/images/files.ts';
import { openSearch } from '../../src/search/open.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { Health } from '../../src/telemetry/health.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { printRows, type Row } from '../row.ts';
import { makeEvents, openBenchDatabase, quantile } from './store.ts';

const EVENTS = 20_000;
const RATE = 500;
const SECONDS = 6;
/** Each side is measured so many times, one after the other in turn. */
const ROUNDS = 3;

/**
 * What the audit costs. First an entry alone: many that wait for one transaction, against an INSERT for each into a table without
 * any chain. Then `/events/recent?limit=20` with token and audit, against the same without both.
 */
export async function run(): Promise<readonly Row[]> {
  await using database = await openBenchDatabase();
  const { sql } = database;
  await writeEvents(sql, makeEvents(EVENTS));
  await sql.query(
    'CREATE TABLE plain_entries (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz, entry jsonb)',
  );
  await sql.query('VACUUM ANALYZE plate_events');
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-audit-'));
  const log = createLog({ level: 'warn' });
  const audit = await openAudit({
    sql,
    config: auditConfigSchema.parse(undefined),
    dataFolder: folder,
    telemetry: new Telemetry(),
    log,
  });
  const rows = [...(await measureEntries(sql, audit)), ...(await measureAnswers(sql, audit, folder))];
  await audit[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
  return rows;
}

async function measureEntries(sql: Sql, audit: Audit): Promise<readonly Row[]> {
  const insert = (entry: AuditEntry) =>
    sql.query('INSERT INTO plain_entries (at, entry) VALUES ($1, $2)', [entry.at, JSON.stringify(entry)]);
  const [grouped, plain] = await alternate(
    (index) => audit.record(makeEntry(index)),
    (index) => insert(makeEntry(index)),
  );
  return compare(`an entry at ${RATE}/s`, { grouped, plain }, 'a plain INSERT for each');
}

async function measureAnswers(sql: Sql, audit: Audit, folder: string): Promise<readonly Row[]> {
  await using opened = new AsyncDisposableStack();
  const log = createLog({ level: 'warn' });
  const telemetry = new Telemetry();
  const { bus } = opened.use(
    await openBus({ config: { kind: 'memory' }, dataFolder: folder, requiredGroups: [], log, telemetry }),
  );
  const given = {
    sql,
    audit,
    search: await openSearch({ config: { kind: 'postgres' }, sql }),
    images: await openFileImages(folder),
    bus,
    isOnDemand: false,
    models: [],
    health: new Health(),
    telemetry,
    config: apiConfigSchema.parse({ port: 0 }),
    accounts: accountsConfigSchema.parse(undefined),
    dataFolder: folder,
    log,
    version: 'bench',
    webRoot: folder,
  };
  const guarded = opened.use(await openApi(given));
  const open = opened.use(await openApi(given, [openToAll, ...ROUTES]));
  const { secret } = await createApiToken(sql, { name: 'bench', permissions: ['events:read'], scope: undefined });
  const authorization = `Bearer ${secret}`;
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const address = '/events/recent?limit=20';
  const [grouped, plain] = await alternate(
    () => ask(guarded.url + address, { agent, headers: { authorization } }),
    () => ask(open.url + address, { agent }),
  );
  agent.destroy();
  return compare(`/events/recent at ${RATE}/s with access and audit`, { grouped, plain }, 'without both');
}

/** Makes the routes that are added after it public, and takes them out of the audit. */
function openToAll(server: Server): void {
  server.addHook('onRoute', (route) => {
    route.config = { access: 'public' };
  });
}

type Work = (index: number) => Promise<unknown>;

/** Milliseconds of both, measured in turn in the same run. */
async function alternate(one: Work, other: Work): Promise<readonly [number[], number[]]> {
  const times: readonly [number[], number[]] = [[], []];
  for (const work of [one, other]) await load(work, 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    times[0].push(...(await load(one, SECONDS)));
    times[1].push(...(await load(other, SECONDS)));
  }
  return times;
}

function compare(
  what: string,
  { grouped, plain }: Readonly<{ grouped: number[]; plain: number[] }>,
  against: string,
): Row[] {
  return ([0.5, 0.99] as const).map((share) => {
    const value = quantile(grouped, share);
    return { what: `${what}, p${100 * share}`, value, unit: 'ms', ratio: value / quantile(plain, share), against };
  });
}

/** Milliseconds from the moment that each was due: a late one delays no later one. */
async function load(work: Work, seconds: number): Promise<number[]> {
  const doing: Promise<number>[] = [];
  const started = performance.now();
  for (let index = 0; index < RATE * seconds; index += 1) {
    const due = started + (index * 1000) / RATE;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    doing.push(work(index).then(() => performance.now() - due));
  }
  return Promise.all(doing);
}

function ask(url: string, options: Readonly<{ agent: Agent; headers?: Record<string, string> }>): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, options, (response) => {
      if (response.statusCode !== 200) reject(new Error(`expected 200, got ${response.statusCode}`));
      response.resume().once('end', resolve);
    }).once('error', reject);
  });
}

/** A search; one in ten is for a plate that nobody has searched for yet. */
function makeEntry(index: number): AuditEntry {
  return {
    at: new Date(),
    action: 'search',
    who: { kind: 'person', id: `p${index % 20}`, name: `Person ${index % 20}` },
    from: '127.0.0.1',
    operation: 'searchEvents',
    status: 200,
    purpose: 'theft',
    caseNumber: undefined,
    query: { mode: 'auto', limit: 50 },
    plates: [index % 10 === 0 ? `N${performance.now().toFixed(3)}` : `K${index % 500}`],
    results: 3,
  };
}

if (import.meta.main) printRows(await run());
