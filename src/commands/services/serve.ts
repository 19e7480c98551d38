import type { Config } from '../../app/config.ts';
import { openBackEnd } from '../../app/open-back-end.ts';
import { createLog } from '../../base/log.ts';
import { openBus } from '../../bus/open.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { reportMetrics } from '../../telemetry/report-metrics.ts';
import { waitForSignal } from './service.ts';

/** Serves the API and the page over what is stored, without cameras; on Kafka also what passes elsewhere, live. */
export async function serve(config: Config): Promise<void> {
  const log = createLog(config.log);
  await using opened = new AsyncDisposableStack();
  const metrics = createMetrics();
  const bus = opened.use(
    await openBus({ config: config.bus, dataFolder: config.data, requiredGroups: [], log, metrics }),
  );
  const backEnd = opened.use(await openBackEnd({ config, bus: bus.forViewers, topics: bus.topics, metrics, log }));
  opened.use(reportMetrics({ config, bus, service: 'serve', metrics, log }));
  const api = opened.use(await backEnd.openApi([]));
  process.stdout.write(`Serving what is stored: ${api.url}\n`);
  await waitForSignal(log);
}
