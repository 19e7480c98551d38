import { join } from 'node:path';
import { createLog } from '../base/log.ts';
import { createMetrics } from '../base/metrics.ts';
import { openMemoryBus } from '../bus/memory.ts';
import type { Config } from '../config.ts';
import { DEFAULT_TOPICS } from '../contract/topics.ts';
import { INGEST_GROUP, runIngest } from '../ingest/ingest.ts';
import { openBackEnd } from './open-back-end.ts';
import { openEdge } from './open-edge.ts';
import { openVision } from './open-vision.ts';
import { waitForSignal } from './service.ts';
import { VERSION } from './version.ts';

/** Runs the whole system on this machine until it is told to stop: cameras, storage, search, API and page. */
export async function start(config: Config): Promise<void> {
  const log = createLog(config.log.level);
  const metrics = createMetrics();
  const topics = DEFAULT_TOPICS;
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(openMemoryBus({ requiredGroups: { [topics.plates]: [INGEST_GROUP] }, log }));
  const [backEnd, vision] = await Promise.all([
    openBackEnd({ config, bus, topics, metrics, log, takesPictures: true }).then((backEnd) => opened.use(backEnd)),
    openVision(config, log).then((vision) => opened.use(vision)),
  ]);
  const { sql, images } = backEnd;
  opened.use(await runIngest({ bus, sql, topics, log, metrics, config: config.ingest }));
  const api = opened.use(await backEnd.openApi(Object.values(vision.models)));
  opened.use(await openEdge({ config, vision, bus, topics, images, metrics, log, folder: join(config.data, 'edge') }));
  process.stdout.write(`OVR-ALPR ${VERSION} is running: ${api.url}\n`);
  await waitForSignal(log);
}
