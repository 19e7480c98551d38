import { hostname } from 'node:os';
import type { Config } from '../app/config.ts';
import type { Log } from '../base/log.ts';
import type { OpenBus } from '../bus/open.ts';
import type { MetricsReport } from '../contract/metrics-report.ts';
import type { Metrics } from './metrics.ts';

type ReportOptions = Readonly<{ config: Config; bus: OpenBus; service: string; metrics: Metrics; log: Log }>;

/** Our own names, without the buckets of histograms: sums and counts say what gauges can. */
const OWN = /^alpr_(?!.*_bucket$)/;

/** Sends what this process counts to the topic of metrics every few seconds. In process there is nobody to send it to. */
export function reportMetrics(options: ReportOptions): AsyncDisposable {
  const { config, bus, log } = options;
  if (bus.bus.kind === 'memory') return { [Symbol.asyncDispose]: async () => undefined };
  let isSending = false;
  const send = () => {
    // A broker that is away is no reason to queue up old figures.
    if (isSending) return;
    isSending = true;
    sendReport(options)
      .catch((error: unknown) => log.debug({ err: error }, 'the metrics are not reported'))
      .finally(() => {
        isSending = false;
      });
  };
  const timer = setInterval(send, 1000 * config.metrics.report_seconds);
  send();
  return {
    // A report on its way is refused when the bus closes; nobody waits for it.
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
    },
  };
}

async function sendReport({ config, bus, service, metrics }: ReportOptions): Promise<void> {
  const report = await createReport({ config, service, metrics });
  const [key, value] = [`${service}/${report.instance}`, Buffer.from(JSON.stringify(report))];
  await bus.bus.publish([{ topic: bus.topics.metrics, key, value, headers: {} }]);
}

/** What this process counts now. */
export async function createReport(
  options: Readonly<{ config: Config; service: string; metrics: Metrics }>,
): Promise<MetricsReport> {
  const { config, service, metrics } = options;
  return {
    schema_version: 1,
    site_id: config.site.id,
    service,
    instance: `${hostname()}-${process.pid}`,
    at: new Date().toISOString(),
    every_s: config.metrics.report_seconds,
    values: await listValues(metrics),
  };
}

async function listValues({ registry }: Metrics): Promise<MetricsReport['values']> {
  const all = await registry.getMetricsAsJSON();
  return all.flatMap(({ name, help, values }) =>
    values
      .map((one) => ({
        name: 'metricName' in one && typeof one.metricName === 'string' ? one.metricName : name,
        help,
        labels: Object.fromEntries(Object.entries(one.labels).map(([label, text]) => [label, String(text)])),
        value: one.value,
      }))
      .filter((one) => OWN.test(one.name) && Number.isFinite(one.value)),
  );
}
