import type { Config } from '../../app/config.ts';
import { openIndex } from '../../app/open-index.ts';
import { openKafkaFor } from '../../app/open-kafka-for.ts';
import { AlprError } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import { areBatchesHandled, openHealth } from '../../telemetry/health-endpoint.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { reportMetrics } from '../../telemetry/report-metrics.ts';
import { waitForSignal } from './service.ts';

/** Takes events from Kafka into the search index until it is told to stop. Several share the work in one consumer group. */
export async function indexEvents(config: Config): Promise<void> {
  const { search } = config;
  if (search.kind !== 'opensearch') {
    throw new AlprError(
      'CONFIG_INVALID',
      'Expected search.kind opensearch; the database itself is searched, so that there is nothing to index',
    );
  }
  const log = createLog(config.log);
  const metrics = createMetrics();
  await using opened = new AsyncDisposableStack();
  const health = opened.use(await openHealth({ config, service: 'index', metrics, log }));
  const bus = opened.use(await openKafkaFor({ config, log, metrics, command: 'index' }));
  const running = opened.use(await openIndex({ search, bus, metrics, log }));
  opened.use(reportMetrics({ config, bus, service: 'index', metrics, log }));
  health.add('bus', 'vital', async () => ({ ok: bus.bus.works }));
  health.add('batches', 'vital', () => areBatchesHandled(metrics.indexWorks, metrics.indexRetries));
  health.setReady();
  process.stdout.write(`Indexing ${bus.topics.plates} into ${search.index} on ${search.nodes.join(', ')}\n`);
  await Promise.race([waitForSignal(log), running.failed]);
}
