import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createLog } from '../base/log.ts';
import { createMetrics } from '../base/metrics.ts';
import { type OpenBus, openBus } from '../bus/open.ts';
import type { Config } from '../config.ts';
import { openImages } from '../images/open.ts';
import { openEdge } from './open-edge.ts';
import { openVision } from './open-vision.ts';
import { reportMetrics } from './report-metrics.ts';
import { waitForSignal } from './service.ts';

const STDOUT_GROUP = 'stdout';

/**
 * Runs the cameras. On Kafka their events go there; without it each revision is printed as one line of JSON on standard
 * output, and forgotten once its line is written. Ends when every camera has ended, or at a signal.
 */
export async function edge(config: Config): Promise<void> {
  const log = createLog(config.log.level);
  await mkdir(config.data, { recursive: true, mode: 0o711 });
  await using opened = new AsyncDisposableStack();
  const vision = opened.use(await openVision(config, log));
  const metrics = createMetrics();
  const images = opened.use(
    await openImages({ config: config.images, dataFolder: config.data, uploads: { metrics, log } }),
  );
  const requiredGroups = [STDOUT_GROUP];
  const bus = opened.use(await openBus({ config: config.bus, dataFolder: config.data, requiredGroups, log, metrics }));
  if (bus.bus.kind === 'memory') opened.use(await printEvents(config, bus));
  opened.use(reportMetrics({ config, bus, service: 'edge', metrics, log }));
  const running = opened.use(
    await openEdge({
      config,
      vision,
      bus: bus.forEdge,
      topics: bus.topics,
      images,
      metrics,
      log,
      folder: join(config.data, 'edge'),
    }),
  );
  await Promise.race([running.ended, waitForSignal(log)]);
}

function printEvents(config: Config, { bus, topics }: OpenBus): Promise<AsyncDisposable> {
  const { batch_events: maxBatch, batch_wait_ms: maxWaitMs } = config.ingest;
  return bus.subscribe({ topic: topics.plates, group: STDOUT_GROUP, maxBatch, maxWaitMs }, async (batch) => {
    for (const { value } of batch) await writeLine(value);
  });
}

function writeLine(value: Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  process.stdout.write(Buffer.concat([value, Buffer.from('\n')]), (error) => (error ? reject(error) : resolve()));
  return promise;
}
