import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { apiConfigSchema } from '../../src/api/config.ts';
import { type AddRoutes, ROUTES } from '../../src/api/routes.ts';
import { openApi } from '../../src/api/server.ts';
import { loadConfig } from '../../src/app/config.ts';
import { openPictureReader } from '../../src/app/open-picture-reader.ts';
import { openVision } from '../../src/app/open-vision.ts';
import { Supervisor } from '../../src/app/supervisor.ts';
import { auditConfigSchema } from '../../src/audit/config.ts';
import { openAudit } from '../../src/audit/open-audit.ts';
import { createLog } from '../../src/base/log.ts';
import { openBus } from '../../src/bus/open.ts';
import { accountsConfigSchema } from '../../src/identity/config.ts';
import { openFileImages } from '../../src/images/files.ts';
import { openModelRegistry } from '../../src/models/registry/open.ts';
import { openSearch } from '../../src/search/open.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { startSession } from '../../src/store/sign-in/sessions.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { Health } from '../../src/telemetry/health.ts';
import { LogRing } from '../../src/telemetry/log-ring.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openBenchPrivacy } from './privacy.ts';
import { type BenchDatabase, makeEvents, openBenchDatabase } from './store.ts';

const EVENTS = 20_000;

/** The API over events, where it answers, and who may ask it. */
export type BenchApi = Readonly<{
  url: string;
  database: BenchDatabase;
  /** The Authorization header of a token of its own. */
  createCaller(): Promise<string>;
  /** The headers of a person who has signed in on the page. */
  signIn(name: string): Promise<Readonly<Record<string, string>>>;
}> &
  AsyncDisposable;

/** Opens the API over 20,000 events in a database of its own, with more routes where they are given. */
export async function openBenchApi(more: readonly AddRoutes[] = []): Promise<BenchApi> {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await openBenchDatabase());
  const { sql } = database;
  await writeEvents(sql, makeEvents(EVENTS));
  await sql.query('VACUUM ANALYZE plate_events');
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-api-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const log = createLog({ level: 'warn' });
  const telemetry = new Telemetry();
  const given = { dataFolder: folder, log, telemetry };
  const { bus } = opened.use(await openBus({ config: { kind: 'memory' }, requiredGroups: [], ...given }));
  const audit = opened.use(await openAudit({ sql, config: auditConfigSchema.parse(undefined), ...given }));
  const images = await openFileImages(folder);
  const settings = loadConfig({ environment: {}, settings: [] });
  const networks = opened.use(new AsyncDisposableStack());
  const loadNetworks = async () => networks.use(await openVision(settings, log));
  const reading = { config: settings, bus: async () => bus, images: async () => images, log };
  const pictures = opened.use(openPictureReader({ ...reading, openVision: loadNetworks }));
  const options = {
    ...given,
    sql,
    audit,
    search: await openSearch({ config: { kind: 'postgres' }, sql }),
    images,
    pictures,
    takeAlarms: async () => {},
    registry: opened.use(await openModelRegistry({ config: settings.models.registry, dataFolder: folder })),
    promotion: settings.models.promotion,
    privacy: await openBenchPrivacy({ sql, images, audit, folder, log }),
    bus,
    siteId: 'bench',
    isOnDemand: false,
    models: () => [],
    health: new Health(log),
    logTail: new LogRing(),
    services: new Supervisor({ services: new Map(), open: () => Promise.reject(new Error('there is none')), log }),
    config: apiConfigSchema.parse({ port: 0, requests_per_minute: 1_000_000 }),
    accounts: accountsConfigSchema.parse(undefined),
    version: 'bench',
    webRoot: folder,
  };
  const { url } = opened.use(await openApi(options, [...ROUTES, ...more]));
  const everything = { name: 'bench', permissions: ['events:read', 'read'], scope: undefined } as const;
  const createCaller = async () => `Bearer ${(await createApiToken(sql, everything)).secret}`;
  const signIn = async (name: string) => {
    const account = await createAccount(sql, { name, role: 'operator' });
    const place = { address: '127.0.0.1', userAgent: 'bench', lifetimes: { idle_minutes: 60, max_hours: 1 } };
    return { cookie: `alpr-session=${(await startSession(sql, { account, kind: 'page', ...place })).secret}` };
  };
  const parts = opened.move();
  return { url, database, createCaller, signIn, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
