import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../app/config.ts';
import { openEdge } from '../../app/open-edge.ts';
import { openVision } from '../../app/open-vision.ts';
import { createLog } from '../../base/log.ts';
import { type OpenBus, openBus } from '../../bus/open.ts';
import type { CameraStatus } from '../../contract/live.ts';
import { openImages } from '../../images/open.ts';
import { openHealth } from '../../telemetry/health-endpoint.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { reportMetrics } from '../../telemetry/report-metrics.ts';
import { waitForSignal } from './service.ts';

const STDOUT_GROUP = 'stdout';

/**
 * Runs the cameras. On Kafka their events go there; without it each revision is printed as one line of JSON on standard
 * output, and forgotten once its line is written. Ends when every camera has ended, or at a signal.
 */
export async function edge(config: Config): Promise<void> {
  const log = createLog(config.log);
  await mkdir(config.data, { recursive: true, mode: 0o711 });
  await using opened = new AsyncDisposableStack();
  const metrics = createMetrics();
  const health = opened.use(await openHealth({ config, service: 'edge', metrics, log }));
  const vision = opened.use(await openVision(config, log));
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
  // Events wait in the spool for a bus that is away: cameras go on.
  health.add('bus', 'useful', async () => ({ ok: bus.bus.works }));
  health.add('cameras', 'vital', async () => describeCameras(running.statuses()));
  health.setReady();
  await Promise.race([running.ended, waitForSignal(log)]);
}

/** An edge of which no camera delivers frames does not do its work; one of several is for the metrics. */
function describeCameras(cameras: readonly CameraStatus[]) {
  const states = cameras.map(({ camera_id: id, state, message }) => ({ id, state, message }));
  const troubled = states.filter(({ state }) => state === 'failed' || state === 'retrying');
  return { ok: states.length === 0 || troubled.length < states.length, cameras: states };
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
