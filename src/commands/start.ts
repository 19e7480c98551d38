import { join } from 'node:path';
import { createLog } from '../base/log.ts';
import { createMetrics } from '../base/metrics.ts';
import { openBus } from '../bus/open.ts';
import type { Config } from '../config.ts';
import { INGEST_GROUP } from '../ingest/ingest.ts';
import { INDEX_GROUP } from './index-batches.ts';
import { openBackEnd } from './open-back-end.ts';
import { openEdge } from './open-edge.ts';
import { openIndex } from './open-index.ts';
import { openIngest } from './open-ingest.ts';
import { openVision } from './open-vision.ts';
import { reportMetrics } from './report-metrics.ts';
import { waitForSignal } from './service.ts';
import { VERSION } from './version.ts';

/** Runs the whole system on this machine until it is told to stop: cameras, storage, search, API and page. */
export async function start(config: Config): Promise<void> {
  const log = createLog(config.log.level);
  const metrics = createMetrics();
  await using opened = new AsyncDisposableStack();
  const { search } = config;
  const requiredGroups = search.kind === 'opensearch' ? [INGEST_GROUP, INDEX_GROUP] : [INGEST_GROUP];
  const bus = opened.use(await openBus({ config: config.bus, dataFolder: config.data, requiredGroups, log, metrics }));
  const { topics } = bus;
  const [backEnd, vision] = await Promise.all([
    openBackEnd({ config, bus: bus.forViewers, topics, metrics, log, takesPictures: true }).then((backEnd) =>
      opened.use(backEnd),
    ),
    openVision(config, log).then((vision) => opened.use(vision)),
  ]);
  const { sql, images } = backEnd;
  opened.use(await openIngest({ config, bus, sql, metrics, log }));
  const index = search.kind === 'opensearch' ? opened.use(await openIndex({ search, bus, metrics, log })) : undefined;
  opened.use(reportMetrics({ config, bus, service: 'start', metrics, log }));
  const api = opened.use(await backEnd.openApi(Object.values(vision.models)));
  const folder = join(config.data, 'edge');
  opened.use(await openEdge({ config, vision, bus: bus.forEdge, topics, images, metrics, log, folder }));
  process.stdout.write(`OVR-ALPR ${VERSION} is running: ${api.url}\n`);
  await Promise.race([waitForSignal(log), ...(index ? [index.failed] : [])]);
}
