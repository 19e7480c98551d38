import { hostname } from 'node:os';
import type { Log } from '../base/log.ts';
import type { Bus } from '../bus/bus.ts';
import type { MetricsReport } from '../contract/metrics-report.ts';
import type { Telemetry } from './telemetry.ts';

type ReportOptions = Readonly<{
  siteId: string;
  /** Name of the command that runs. */
  service: string;
  /** Seconds between two reports. */
  everySeconds: number;
  telemetry: Telemetry;
}>;

/** Sends what this process counts to the topic of metrics, now and every few seconds. */
export function reportMetrics(options: ReportOptions & Readonly<{ bus: Bus; log: Log }>): AsyncDisposable {
  const { bus, log, everySeconds } = options;
  let isSending = false;
  const send = async () => bus.publish('metrics', [await createReport(options)]);
  const sendUnlessSending = () => {
    // A broker that is away is no reason to queue up old figures.
    if (isSending) return;
    isSending = true;
    send()
      .catch((error: unknown) => log.debug({ err: error }, 'metrics are not reported'))
      .finally(() => {
        isSending = false;
      });
  };
  const timer = setInterval(sendUnlessSending, 1000 * everySeconds);
  sendUnlessSending();
  return {
    // A report on its way is refused when the bus closes; nobody waits for it.
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
    },
  };
}

/** What this process counts now. */
export async function createReport(options: ReportOptions): Promise<MetricsReport> {
  const { siteId, service, everySeconds, telemetry } = options;
  return {
    schema_version: 1,
    site_id: siteId,
    service,
    instance: `${hostname()}-${process.pid}`,
    at: new Date().toISOString(),
    every_s: everySeconds,
    values: await telemetry.listValues(),
  };
}
