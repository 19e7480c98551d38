import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiConfigSchema } from '../../src/api/config.ts';
import type { ApiContext, Server } from '../../src/api/context.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { openApi } from '../../src/api/server.ts';
import { auditConfigSchema } from '../../src/audit/config.ts';
import { openAudit } from '../../src/audit/open-audit.ts';
import { createLog } from '../../src/base/log.ts';
import { openBus } from '../../src/bus/open.ts';
import { recentQuerySchema } from '../../src/contract/api/events.ts';
import { accountsConfigSchema } from '../../src/identity/config.ts';
import { openFileImages } from '../../src/images/files.ts';
import { openSearch } from '../../src/search/open.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { listEvents } from '../../src/store/events.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { Health } from '../../src/telemetry/health.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { printRows, type Row } from '../row.ts';
import { openBenchPrivacy } from './privacy.ts';
import { makeEvents, openBenchDatabase, quantile } from './store.ts';

const EVENTS = 20_000;
const SECONDS = 8;
const RATES = [50, 100, 200, 500];
const TURNS = 6;

type Load = Readonly<{ rate: number; seconds: number; authorization?: string }>;

/**
 * Latency of `/events/recent?limit=20` at steady rates (open loop: a late answer delays no later request; client, API and
 * database share this machine). Baseline: `/cameras`, which asks no database, at the lowest rate.
 */
export async function run(): Promise<readonly Row[]> {
  await using database = await openBenchDatabase();
  await writeEvents(database.sql, makeEvents(EVENTS));
  await database.sql.query('VACUUM ANALYZE plate_events');
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-api-'));
  await using last = new AsyncDisposableStack();
  last.defer(() => rm(folder, { recursive: true }));
  const log = createLog({ level: 'warn' });
  const telemetry = new Telemetry();
  await using opened = await openBus({
    config: { kind: 'memory' },
    dataFolder: folder,
    requiredGroups: [],
    log,
    telemetry,
  });
  await using audit = await openAudit({
    sql: database.sql,
    config: auditConfigSchema.parse(undefined),
    dataFolder: folder,
    telemetry,
    log,
  });
  const images = await openFileImages(folder);
  const { sql } = database;
  const options = {
    sql,
    audit,
    search: await openSearch({ config: { kind: 'postgres' }, sql }),
    images,
    privacy: await openBenchPrivacy({ sql, images, audit, folder, log }),
    bus: opened.bus,
    isOnDemand: false,
    models: [],
    health: new Health(log),
    telemetry,
    config: apiConfigSchema.parse({ port: 0, requests_per_minute: 1_000_000 }),
    accounts: accountsConfigSchema.parse(undefined),
    dataFolder: folder,
    log,
    version: 'bench',
    webRoot: folder,
  };
  await using api = await openApi(options, [...ROUTES, addOpenRoute]);
  const everything = { name: 'bench', permissions: ['events:read'], scope: undefined } as const;
  const { secret } = await createApiToken(database.sql, everything);
  const load = (url: string, rate: number) =>
    measure(url, { rate, seconds: SECONDS, authorization: `Bearer ${secret}` });
  const rows: Row[] = [];
  const baseline = await load(`${api.url}/cameras`, 50);
  rows.push({ what: '/cameras at 50 requests/s, p50', value: quantile(baseline, 0.5), unit: 'ms', ratio: 1 });
  for (const rate of RATES) {
    const times = await load(`${api.url}/events/recent?limit=20`, rate);
    for (const [name, share] of [
      ['p50', 0.5],
      ['p99', 0.99],
    ] as const) {
      const value = quantile(times, share);
      const what = `/events/recent at ${rate} requests/s, ${name}`;
      rows.push({ what, value, unit: 'ms', ratio: value / quantile(baseline, 0.5) });
    }
  }
  rows.push(...(await compare(api.url, `Bearer ${secret}`)));
  return rows;
}

/** The same list for everybody, without an entry in the audit. */
function addOpenRoute(server: Server, { sql }: ApiContext): void {
  server.get(
    '/open/recent',
    { config: { access: 'public' }, schema: { querystring: recentQuerySchema } },
    async ({ query }, reply) => {
      const { items, next } = await listEvents(sql, { scope: undefined }, query);
      const body = `{"events":[${items.join(',')}],"next":${JSON.stringify(next)}}`;
      return reply.type('application/json; charset=utf-8').send(body);
    },
  );
}

/** What access and audit cost together: both ways in turn, so that the machine is the same for them. */
async function compare(url: string, authorization: string): Promise<readonly Row[]> {
  const rate = RATES.at(-1) ?? 0;
  const [free, guarded]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < TURNS; turn += 1) {
    free.push(...(await measure(`${url}/open/recent?limit=20`, { rate, seconds: SECONDS / 2 })));
    guarded.push(...(await measure(`${url}/events/recent?limit=20`, { rate, seconds: SECONDS / 2, authorization })));
  }
  return [0.5, 0.99].flatMap((share) => {
    const base = quantile(free, share);
    const value = quantile(guarded, share);
    const what = `/events/recent at ${rate} requests/s, p${share * 100}`;
    return [
      { what: `${what}, without access and audit`, value: base, unit: 'ms', ratio: 1 },
      { what: `${what}, with both`, value, unit: 'ms', ratio: value / base },
    ];
  });
}

/** Milliseconds from the moment a request was due to its last byte. */
async function measure(url: string, { rate, seconds, authorization }: Load): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const headers = authorization === undefined ? {} : { authorization };
  for (let warm = 0; warm < 50; warm++) await ask(url, { agent, headers });
  const asked: Promise<number>[] = [];
  const started = performance.now();
  for (let index = 0; index < rate * seconds; index++) {
    const due = started + (index * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    asked.push(ask(url, { agent, headers }).then(() => performance.now() - due));
  }
  const times = await Promise.all(asked);
  agent.destroy();
  return times;
}

function ask(url: string, options: RequestOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, options, (response) => {
      if (response.statusCode !== 200) reject(new Error(`expected 200, got ${response.statusCode}`));
      response.resume().once('end', resolve);
    }).once('error', reject);
  });
}

if (import.meta.main) printRows(await run());
