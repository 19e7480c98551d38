import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiConfigSchema } from '../../src/api/config.ts';
import type { PictureReader } from '../../src/api/picture-reader.ts';
import { type Api, openApi } from '../../src/api/server.ts';
import { auditConfigSchema } from '../../src/audit/config.ts';
import { type Audit, openAudit } from '../../src/audit/open-audit.ts';
import { createLog } from '../../src/base/log.ts';
import type { Sql } from '../../src/db/sql.ts';
import { accountsConfigSchema } from '../../src/identity/config.ts';
import type { Images } from '../../src/images/images.ts';
import { openS3Images } from '../../src/images/s3.ts';
import type { ModelRegistry } from '../../src/models/registry/registry.ts';
import type { Privacy } from '../../src/privacy/privacy.ts';
import { promotionConfigSchema } from '../../src/promotion/config.ts';
import type { Search } from '../../src/search/search.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { Health } from '../../src/telemetry/health.ts';
import { LogRing } from '../../src/telemetry/log-ring.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { noServices } from '../api/api-fixture.ts';
import { openInProcessBus } from '../bus/open-in-process.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { describeWith } from '../servers/servers.ts';
import { createS3Config } from './s3-config.ts';

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 1, 2, 3, 0xff, 0xd9]);

describeWith(['s3'], 'The API over pictures on S3', () => {
  const opened = new AsyncDisposableStack();
  let proxy: Api;
  let redirect: Api;
  let store: string;
  let database: TestDatabase;
  let authorization: string;
  let given: Given;
  beforeAll(async () => {
    database = opened.use(await openTestDatabase());
    const token = { name: 'test', permissions: ['images'], scope: undefined } as const;
    authorization = `Bearer ${(await createApiToken(database.sql, token)).secret}`;
    const config = await createS3Config();
    store = config.endpoint;
    await openS3Images(config).put('cam/1-plate.jpg', JPEG, 'image/jpeg');
    given = await openGiven(opened, database.sql);
    proxy = opened.use(await openOver(given, openS3Images(config)));
    redirect = opened.use(await openOver(given, openS3Images({ ...config, delivery: 'redirect' })));
  });
  afterAll(() => opened.disposeAsync());

  const get = (api: Api, key: string) =>
    fetch(`${api.url}/images/${key}`, { redirect: 'manual', headers: { authorization } });

  test('gives the picture itself, which browsers may keep', async () => {
    const response = await get(proxy, 'cam/1-plate.jpg');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(Buffer.from(await response.arrayBuffer()).equals(JPEG)).toBe(true);
    expect(response.headers.get('content-security-policy')).not.toContain(store);
  });

  test('or sends browsers to the store with a signed link, which the page’s policy allows', async () => {
    const response = await get(redirect, 'cam/1-plate.jpg');
    const link = response.headers.get('location') ?? '';
    expect([response.status, response.headers.get('cache-control')]).toEqual([302, 'no-store']);
    expect(link.startsWith(`${store}/`)).toBe(true);
    expect(response.headers.get('content-security-policy')).toContain(store);
    expect(Buffer.from(await (await fetch(link)).arrayBuffer()).equals(JPEG)).toBe(true);
  });

  test('answers in its own words, both ways, where there is no such picture or no such key can be', async () => {
    for (const api of [proxy, redirect]) {
      expect([(await get(api, 'cam/2-plate.jpg')).status, (await get(api, 'CAM.jpg')).status]).toEqual([404, 400]);
    }
  });

  test('says 503 while the store is away', async () => {
    const config = await createS3Config({ endpoint: 'http://127.0.0.1:9' });
    await using api = await openOver(given, openS3Images(config));
    const response = await get(api, 'cam/1-plate.jpg');
    expect([response.status, (await response.json()) as object]).toEqual([
      503,
      expect.objectContaining({ code: 'IMAGES_UNAVAILABLE' }),
    ]);
  });
});

type Given = Readonly<{ sql: Sql; audit: Audit; dataFolder: string }>;

async function openGiven(opened: AsyncDisposableStack, sql: Sql): Promise<Given> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'alpr-delivery-'));
  const log = createLog({ level: 'silent' });
  const config = auditConfigSchema.parse(undefined);
  return {
    sql,
    dataFolder,
    audit: opened.use(await openAudit({ sql, dataFolder, config, log, telemetry: new Telemetry() })),
  };
}

/** Routes of pictures do not search. */
async function openOver({ sql, audit, dataFolder }: Given, images: Images): Promise<Api> {
  const log = createLog({ level: 'silent' });
  return openApi({
    sql,
    search: {} as Search,
    images,
    privacy: {} as Privacy,
    pictures: {} as PictureReader,
    takeAlarms: async () => {},
    registry: {} as ModelRegistry,
    promotion: promotionConfigSchema.parse(undefined),
    bus: await openInProcessBus(),
    isOnDemand: false,
    siteId: 'home',
    models: () => [],
    audit,
    health: new Health(log),
    telemetry: new Telemetry(),
    log,
    logTail: new LogRing(),
    services: noServices(log),
    version: '9.9.9',
    webRoot: import.meta.dirname,
    config: apiConfigSchema.parse({ port: 0 }),
    accounts: accountsConfigSchema.parse(undefined),
    dataFolder,
  });
}
