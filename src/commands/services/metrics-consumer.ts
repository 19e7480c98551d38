import { randomUUID } from 'node:crypto';
import type { Config } from '../../app/config.ts';
import { openKafkaFor } from '../../app/open-kafka-for.ts';
import { VERSION } from '../../app/version.ts';
import { createLog, type Log } from '../../base/log.ts';
import type { Bus, BusMessage } from '../../bus/bus.ts';
import { metricsReportSchema } from '../../contract/metrics-report.ts';
import { GaugeBoard } from '../../telemetry/gauge-board.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { createReport } from '../../telemetry/report-metrics.ts';
import { serveHttp } from '../../telemetry/serve-http.ts';
import { waitForSignal } from './service.ts';

const TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

/** Shows what all processes report on the topic of metrics, as gauges for Prometheus, until it is told to stop. */
export async function consumeMetrics(config: Config): Promise<void> {
  const log = createLog(config.log);
  const metrics = createMetrics();
  const board = new GaugeBoard();
  await using opened = new AsyncDisposableStack();
  const { bus, topics } = opened.use(await openKafkaFor({ config, log, metrics, command: 'metrics-consumer' }));
  const { host, port } = config.metrics;
  const write = async () => {
    board.put(await createReport({ config, service: 'metrics-consumer', metrics }), Date.now());
    return board.format(Date.now());
  };
  const routes = {
    '/metrics': async () => ({ status: 200, type: TEXT_TYPE, body: await write() }),
    '/health': async () => describeHealth(bus),
    '/health/live': async () => ({ status: 200, type: JSON_TYPE, body: '{"status":"ok"}' }),
  };
  const endpoint = opened.use(await serveHttp({ host, port, setting: 'metrics.port', routes }));
  // Each consumer shows everything, from now on: older figures are nobody's any more.
  const group = { group: `metrics-${randomUUID()}`, from: 'latest' as const, maxBatch: 100, maxWaitMs: 50 };
  opened.use(await bus.subscribe({ topic: topics.metrics, ...group }, async (batch) => putUp(board, batch, log)));
  process.stdout.write(`Showing the metrics of all processes: ${endpoint.url}/metrics\n`);
  await waitForSignal(log);
}

/** Without the broker there is nothing new to show. */
function describeHealth({ works }: Bus) {
  const answer = {
    status: works ? 'ok' : 'degraded',
    service: 'metrics-consumer',
    version: VERSION,
    bus: { ok: works },
  };
  return { status: works ? 200 : 503, type: JSON_TYPE, body: JSON.stringify(answer) };
}

function putUp(board: GaugeBoard, batch: readonly BusMessage[], log: Log): void {
  for (const message of batch) {
    try {
      board.put(metricsReportSchema.parse(JSON.parse(Buffer.from(message.value).toString())), Date.now());
    } catch (error) {
      log.warn({ key: message.key, err: error }, 'a report of metrics is not understood and not shown');
    }
  }
}
