import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openApi } from '../api/server.ts';
import type { Log } from '../base/log.ts';
import type { Bus } from '../bus/bus.ts';
import type { Topics } from '../contract/topics.ts';
import { migrateWhenThere } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import type { Sql } from '../db/sql.ts';
import type { Images } from '../images/images.ts';
import { openImages } from '../images/open.ts';
import { openSearch } from '../search/open.ts';
import { openMaintenance } from '../store/upkeep/maintain.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Config } from './config.ts';
import { type LoadedModel, PROGRAM_FOLDER } from './open-vision.ts';
import { VERSION } from './version.ts';

/** Database, pictures and search, and the API over them. */
export type BackEnd = AsyncDisposable &
  Readonly<{
    sql: Sql;
    images: Images;
    /** Listens; `models` are shown in `/health`. */
    openApi(models: readonly LoadedModel[]): Promise<AsyncDisposable & Readonly<{ url: string }>>;
  }>;

/** Opens what the configuration names and brings the database up to date. */
export async function openBackEnd(parts: {
  config: Config;
  bus: Bus;
  topics: Topics;
  metrics: Metrics;
  log: Log;
  /** Whether cameras run in this process: their pictures may have to wait for an object store. */
  takesPictures?: boolean;
}): Promise<BackEnd> {
  const { config, log } = parts;
  await mkdir(config.data, { recursive: true, mode: 0o711 });
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await openDatabase({ config: config.database, dataFolder: config.data, log }));
  const { division } = await migrateWhenThere({ sql: database.sql, log, signal: new AbortController().signal });
  opened.use(openMaintenance({ sql: database.sql, division, keep: config.database, log }));
  const images = opened.use(
    await openImages({
      config: config.images,
      dataFolder: config.data,
      ...(parts.takesPictures ? { uploads: parts } : {}),
    }),
  );
  const search = opened.use(await openSearch({ config: config.search, sql: database.sql }));
  const closing = opened.move();
  return {
    sql: database.sql,
    images,
    openApi: (models) =>
      openApi({
        ...parts,
        sql: database.sql,
        search,
        images,
        config: config.server,
        version: VERSION,
        webRoot: join(PROGRAM_FOLDER, 'dist', 'web'),
        systemInfo: () => ({ database: database.kind, models }),
      }),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
