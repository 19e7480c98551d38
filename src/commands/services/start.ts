import { join } from 'node:path';
import type { Config } from '../../app/config.ts';
import { openBackEnd } from '../../app/open-back-end.ts';
import { openEdge } from '../../app/open-edge.ts';
import { openIndex } from '../../app/open-index.ts';
import { openIngest } from '../../app/open-ingest.ts';
import { openVision } from '../../app/open-vision.ts';
import { VERSION } from '../../app/version.ts';
import { createLog } from '../../base/log.ts';
import { openBus } from '../../bus/open.ts';
import { INDEX_GROUP } from '../../indexer/run-index.ts';
import { INGEST_GROUP } from '../../ingest/ingest.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { reportMetrics } from '../../telemetry/report-metrics.ts';
import { waitForSignal } from './service.ts';

/** Runs the whole system on this machine until it is told to stop: cameras, storage, search, API and page. */
export async function start(config: Config): Promise<void> {
  const log = createLog(config.log);
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
