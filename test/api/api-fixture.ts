import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTakeAlarms } from '../../src/alerts/system/take-alarms.ts';
import { apiConfigSchema } from '../../src/api/config.ts';
import type { ROUTES } from '../../src/api/routes.ts';
import { openApi } from '../../src/api/server.ts';
import { loadConfig } from '../../src/app/config.ts';
import { openPictureReader } from '../../src/app/open-picture-reader.ts';
import { openPrivacy } from '../../src/app/open-privacy.ts';
import { openVision } from '../../src/app/open-vision.ts';
import { Supervisor } from '../../src/app/supervisor.ts';
import { auditConfigSchema } from '../../src/audit/config.ts';
import { openAudit } from '../../src/audit/open-audit.ts';
import { createLog, type Log } from '../../src/base/log.ts';
import { Raw } from '../../src/bus/bus.ts';
import { PERMISSIONS, type Permission } from '../../src/contract/access.ts';
import type { BucketCount, Hit } from '../../src/contract/api/search.ts';
import type { CameraStatus, LiveMeta } from '../../src/contract/live.ts';
import type { MetricsReport } from '../../src/contract/metrics-report.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { accountsConfigSchema } from '../../src/identity/config.ts';
import { openFileImages } from '../../src/images/files.ts';
import { ingestConfigSchema } from '../../src/ingest/config.ts';
import { runIngest } from '../../src/ingest/ingest.ts';
import { createIngestMetrics } from '../../src/ingest/metrics.ts';
import { createModelRegistry } from '../../src/models/registry/create-registry.ts';
import { openFolderStore } from '../../src/models/registry/folder.ts';
import type { SearchConfig } from '../../src/search/config.ts';
import { openSearch } from '../../src/search/open.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { createDeadLetterTable } from '../../src/store/dead-letters.ts';
import { Health } from '../../src/telemetry/health.ts';
import { LogRing } from '../../src/telemetry/log-ring.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openInProcessBus } from '../bus/open-in-process.ts';
import { openTestDatabase } from '../db/test-database.ts';
import { makeKey, trust } from '../models/registry/make-version.ts';

/** Versions that it signed may be promoted. */
export const MODEL_KEY = makeKey();

/** The whole back end as it runs, on a free port, with its own database and an empty folder as the page. */
export async function openBackEnd(
  searched: SearchConfig = { kind: 'postgres' },
  audited: object = {},
  openDatabase = openTestDatabase,
) {
  const log = createLog({ level: 'silent' });
  const telemetry = new Telemetry();
  const opened = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'alpr-api-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const database = opened.use(await openDatabase());
  const { sql } = database;
  const images = opened.use(await openFileImages(path.join(folder, 'images')));
  const bus = opened.use(await openInProcessBus(['ingest']));
  const deadLetters = createDeadLetterTable(sql);
  const metrics = createIngestMetrics(telemetry);
  opened.use(
    await runIngest({ bus, sql, images, deadLetters, log, metrics, config: ingestConfigSchema.parse(undefined) }),
  );
  const webRoot = path.join(folder, 'web');
  const search = opened.use(await openSearch({ config: searched, sql }));
  const models = [{ name: 'alpr-detect', id: 'alpr-detect@0123456789ab', provider: 'cpu' }];
  const health = new Health(log);
  const isWell = () => ({ ok: true });
  health.add(
    { name: 'database', dependence: 'vital', kind: 'embedded', check: () => sql.query('SELECT 1').then(isWell) },
    { name: 'bus', dependence: 'useful', kind: bus.kind, check: async () => ({ ok: bus.works }) },
    { name: 'search', dependence: 'useful', kind: search.kind, check: () => search.ping().then(isWell) },
    { name: 'images', dependence: 'useful', kind: 'files', check: () => images.ping().then(isWell) },
    { name: 'disk', dependence: 'useful', check: async () => ({ ok: true }) },
    { name: 'services', dependence: 'useful', check: async () => ({ ok: true }) },
  );
  health.setReady();
  const auditing = { sql, dataFolder: folder, telemetry, log };
  const audit = opened.use(await openAudit({ ...auditing, config: auditConfigSchema.parse(audited) }));
  const config = loadConfig({ environment: {}, settings: [`data=${folder}`] });
  const privacy = await openPrivacy({
    config,
    sql,
    division: 'native',
    images,
    deadLetters,
    auditKeys: audit.keys,
    index: undefined,
    log,
  });
  const networks = opened.use(new AsyncDisposableStack());
  const pictures = opened.use(
    openPictureReader({
      config,
      openVision: async () => networks.use(await openVision(config, log)),
      bus: async () => bus,
      images: async () => images,
      log,
    }),
  );
  health.add({ ...pictures.part, dependence: 'useful' });
  const given = {
    sql,
    search,
    audit,
    images,
    privacy,
    pictures,
    takeAlarms: createTakeAlarms({ sql, telemetry }),
    registry: createModelRegistry(openFolderStore(path.join(folder, 'registry')), trust(MODEL_KEY)),
    promotion: config.models.promotion,
    bus,
    telemetry,
    health,
    models: () => models,
    log,
    logTail: new LogRing(),
    services: noServices(log),
    version: '9.9.9',
    webRoot,
  };
  const open = (config: object, routes?: typeof ROUTES, accounts = accountsConfigSchema.parse(undefined)) =>
    openApi(
      {
        ...given,
        isOnDemand: false,
        config: apiConfigSchema.parse(config),
        accounts,
        dataFolder: folder,
        siteId: 'home',
      },
      routes,
    );
  const api = opened.use(await open({ port: 0 }));
  const all = Object.keys(PERMISSIONS) as Permission[];
  const { secret } = await createApiToken(sql, { name: 'test', permissions: all, scope: undefined });
  const authorization = `Bearer ${secret}`;
  const publishLive = (key: string, value: Uint8Array, headers: Record<string, string>) =>
    bus.publish('live', [new Raw({ key, value, headers })]);
  return {
    url: api.url,
    port: Number(new URL(api.url).port),
    folder,
    webRoot,
    bus,
    images,
    audit,
    registry: given.registry,
    sql,
    open,
    /** Lets everything through. */
    authorization,
    get: (address: string, headers: Record<string, string> = {}) =>
      fetch(api.url + address, { headers: { authorization, ...headers } }),
    getJson: async (address: string) => readAnswer(await fetch(api.url + address, { headers: { authorization } })),
    publish: (events: readonly PlateEvent[]) => bus.publish('plates', events),
    publishMetrics: (report: MetricsReport) => bus.publish('metrics', [report]),
    publishPicture: (meta: LiveMeta, jpeg: Uint8Array) => bus.publish('live', [{ kind: 'picture', meta, jpeg }]),
    publishCamera: (status: CameraStatus) => bus.publish('live', [{ kind: 'camera', status }]),
    publishLive,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Those of a process that runs none which could be steered. */
export function noServices(log: Log): Supervisor {
  return new Supervisor({ services: new Map(), open: () => Promise.reject(new Error('there is none')), log });
}

/** The fields that tests read out of answers, whichever route gave them. */
type Answer = Readonly<{
  events: readonly PlateEvent[];
  next: string | null;
  mode: string;
  results: readonly Hit[];
  bucket: string;
  reads: readonly BucketCount[];
  openapi: string;
  paths: object;
  cameras: readonly CameraStatus[];
  database: object;
  code: string;
  message: string;
}>;

export async function readAnswer(response: Response): Promise<Answer> {
  return (await response.json()) as Answer;
}

export type BackEnd = Awaited<ReturnType<typeof openBackEnd>>;

/** A camera that runs and has nothing to tell. */
export function makeStatus(id: string): CameraStatus {
  return {
    camera_id: id,
    name: `Camera ${id}`,
    kind: 'simulator',
    state: 'running',
    message: 'Frames come',
    since: '2026-01-01T00:00:00.000Z',
    width: 1280,
    height: 720,
    frames_in: 10,
    frames_processed: 9,
    frames_dropped: { queue: 1 },
    fps_in: 10,
    fps_processed: 9,
    passages: 1,
    passages_lost: 1,
    char_height_px: 21.5,
    detector_provider: 'cpu',
  };
}
