import type { Log } from '../../base/log.ts';
import type { Service } from '../../base/service.ts';
import { type Arrival, type Bus, Undecodable } from '../../bus/bus.ts';
import type { MetricsReport } from '../../contract/metrics-report.ts';
import type { MetricsConfig } from '../config.ts';
import type { Health } from '../health.ts';
import type { Telemetry } from '../telemetry.ts';
import { GaugeBoard } from './gauge-board.ts';

type Needs = Readonly<{ bus: Bus }>;
type Context = Readonly<{
  config: Readonly<{ site: Readonly<{ id: string }>; metrics: MetricsConfig }>;
  version: string;
  health: Health;
  telemetry: Telemetry;
  log: Log;
}>;

const TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Shows what all processes report on the topic of metrics, as gauges for Prometheus. Without the broker nothing new comes. */
export const collectorService: Service<Needs, Context> = {
  name: 'metrics-consumer',
  summary: 'show the metrics of all processes on Kafka as gauges for Prometheus',
  needs: { bus: 'vital' },
  groups: [],
  meetsOthers: true,
  watchesOthers: true,
  async open({ bus, config, version, health, telemetry, log }) {
    const [{ openHealthServer }, { createReport }] = await Promise.all([
      import('../health-server.ts'),
      import('../report-metrics.ts'),
    ]);
    const service = collectorService.name;
    const board = new GaugeBoard();
    const own = { siteId: config.site.id, service, everySeconds: config.metrics.report_seconds, telemetry };
    const formatMetrics = async () => {
      board.put(await createReport(own), Date.now());
      return { type: TEXT_TYPE, text: board.format(Date.now()) };
    };
    const { host, port } = config.metrics;
    await using opened = new AsyncDisposableStack();
    const server = opened.use(
      await openHealthServer({ service, version, health, formatMetrics, host, port, setting: 'metrics.port' }),
    );
    // Older figures are nobody's any more.
    const onlooker = { group: 'metrics', isOnlooker: true, maxBatch: 100, maxWaitMs: 50 };
    const take = async (batch: readonly Arrival<MetricsReport>[]) => putUp(board, batch, log);
    opened.use(await bus.subscribe({ topic: 'metrics', ...onlooker }, take));
    const closing = opened.move();
    return {
      announcement: `Showing the metrics of all processes: ${server.url}/metrics`,
      [Symbol.asyncDispose]: () => closing.disposeAsync(),
    };
  },
};

function putUp(board: GaugeBoard, batch: readonly Arrival<MetricsReport>[], log: Log): void {
  for (const arrival of batch) {
    const report = arrival.read();
    if (!(report instanceof Undecodable)) board.put(report, Date.now());
    else
      log.warn({ key: arrival.message.key, err: report.error }, 'a report of metrics is not understood and not shown');
  }
}
