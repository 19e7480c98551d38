import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openApi } from '../api/server.ts';
import { createLog } from '../base/log.ts';
import { createMetrics } from '../base/metrics.ts';
import { openMemoryBus } from '../bus/memory.ts';
import type { Config } from '../config.ts';
import { DEFAULT_TOPICS } from '../contract/topics.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { runEdge } from '../edge/edge.ts';
import { openImages } from '../images/open.ts';
import { runIngest } from '../ingest/ingest.ts';
import { openSearch } from '../search/open.ts';
import { openCameras } from './open-cameras.ts';
import { openVision, PROGRAM_FOLDER } from './open-vision.ts';
import { waitForSignal } from './service.ts';
import { VERSION } from './version.ts';

/** Runs the whole system on this machine until it is told to stop: cameras, storage, search, API and page. */
export async function start(config: Config): Promise<void> {
  const log = createLog(config.log.level);
  const metrics = createMetrics();
  const topics = DEFAULT_TOPICS;
  await mkdir(config.data, { recursive: true, mode: 0o750 });
  await using opened = new AsyncDisposableStack();

  const [database, vision] = await Promise.all([
    openDatabase({ config: config.database, dataFolder: config.data, log }).then((db) => opened.use(db)),
    openVision(config, log).then((vision) => opened.use(vision)),
  ]);
  await migrate({ sql: database.sql, log });
  const images = opened.use(await openImages({ config: config.images, dataFolder: config.data }));
  const search = await openSearch({ sql: database.sql });
  const bus = opened.use(openMemoryBus({ requiredGroups: { [topics.plates]: ['ingest'] }, log }));
  opened.use(await runIngest({ bus, sql: database.sql, topics, log, metrics, config: config.ingest }));
  const api = opened.use(
    await openApi({
      sql: database.sql,
      search,
      images,
      bus,
      topics,
      config: config.server,
      metrics,
      log,
      version: VERSION,
      webRoot: join(PROGRAM_FOLDER, 'dist', 'web'),
      systemInfo: () => ({ database: database.kind, models: vision.models }),
    }),
  );
  const cameras = await openCameras(config, log);
  const [detector, reader] = vision.models as [(typeof vision.models)[number], (typeof vision.models)[number]];
  opened.use(
    await runEdge({
      siteId: config.site.id,
      cameras,
      createPipeline: vision.createPipeline,
      models: { detector: detector.id, reader: reader.id, provider: detector.provider },
      bus,
      topics,
      images,
      folder: join(config.data, 'edge'),
      config: config.edge,
      version: VERSION,
      metrics,
      log,
    }),
  );
  process.stdout.write(`OVR-ALPR ${VERSION} is running: ${api.url}\n`);
  await waitForSignal(log);
}
