import { mkdir } from 'node:fs/promises';
import type { Config } from '../../app/config.ts';
import { openIngest } from '../../app/open-ingest.ts';
import { openKafkaFor } from '../../app/open-kafka-for.ts';
import { createLog } from '../../base/log.ts';
import { openMaintenance } from '../../db/maintain.ts';
import { migrateWhenThere } from '../../db/migrate.ts';
import { openDatabase } from '../../db/open.ts';
import { areBatchesHandled, openHealth } from '../../telemetry/health-endpoint.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { reportMetrics } from '../../telemetry/report-metrics.ts';
import { waitForSignal } from './service.ts';

/** Takes events from Kafka into the database until it is told to stop. Several share the work in one consumer group. */
export async function ingest(config: Config): Promise<void> {
  const log = createLog(config.log);
  const metrics = createMetrics();
  await mkdir(config.data, { recursive: true, mode: 0o711 });
  await using opened = new AsyncDisposableStack();
  const health = opened.use(await openHealth({ config, service: 'ingest', metrics, log }));
  const kafka = opened.use(await openKafkaFor({ config, log, metrics, command: 'ingest' }));
  const { sql } = opened.use(await openDatabase({ config: config.database, dataFolder: config.data, log }));
  health.add('bus', 'vital', async () => ({ ok: kafka.bus.works }));
  health.add('database', 'vital', () => sql.query('SELECT 1').then(() => ({ ok: true })));
  health.add('batches', 'vital', () => areBatchesHandled(metrics.ingestWorks, metrics.ingestRetries));
  const { division } = await migrateWhenThere({ sql, log, signal: new AbortController().signal });
  opened.use(openMaintenance({ sql, division, keep: config.database, log }));
  opened.use(await openIngest({ config, bus: kafka, sql, metrics, log }));
  opened.use(reportMetrics({ config, bus: kafka, service: 'ingest', metrics, log }));
  health.setReady();
  process.stdout.write(`Taking events from ${kafka.topics.plates} into the database\n`);
  await waitForSignal(log);
}
