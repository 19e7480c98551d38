import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createLog } from '../base/log.ts';
import { createMetrics } from '../base/metrics.ts';
import { openMemoryBus } from '../bus/memory.ts';
import type { Config } from '../config.ts';
import { DEFAULT_TOPICS } from '../contract/topics.ts';
import { openImages } from '../images/open.ts';
import { openEdge } from './open-edge.ts';
import { openVision } from './open-vision.ts';
import { waitForSignal } from './service.ts';

const STDOUT_GROUP = 'stdout';

/**
 * Runs the cameras and prints each event revision as one line of JSON on standard output; an event is forgotten once
 * its line is written. Ends when every camera has ended, or at a signal.
 */
export async function edge(config: Config): Promise<void> {
  const log = createLog(config.log.level);
  const topics = DEFAULT_TOPICS;
  await mkdir(config.data, { recursive: true, mode: 0o711 });
  await using opened = new AsyncDisposableStack();
  const vision = opened.use(await openVision(config, log));
  const metrics = createMetrics();
  const images = opened.use(
    await openImages({ config: config.images, dataFolder: config.data, uploads: { metrics, log } }),
  );
  const bus = opened.use(openMemoryBus({ requiredGroups: { [topics.plates]: [STDOUT_GROUP] }, log }));
  const { batch_events: maxBatch, batch_wait_ms: maxWaitMs } = config.ingest;
  opened.use(
    await bus.subscribe({ topic: topics.plates, group: STDOUT_GROUP, maxBatch, maxWaitMs }, async (batch) => {
      for (const { value } of batch) await writeLine(value);
    }),
  );
  const running = opened.use(
    await openEdge({
      config,
      vision,
      bus,
      topics,
      images,
      metrics,
      log,
      folder: join(config.data, 'edge'),
    }),
  );
  await Promise.race([running.ended, waitForSignal(log)]);
}

function writeLine(value: Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  process.stdout.write(Buffer.concat([value, Buffer.from('\n')]), (error) => (error ? reject(error) : resolve()));
  return promise;
}
