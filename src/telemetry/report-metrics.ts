import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../base/log.ts';
import type { Bus } from '../bus/bus.ts';
import type { MetricsReport } from '../contract/metrics-report.ts';
import type { Telemetry } from './telemetry.ts';

/** How long the last report may take, milliseconds. */
const LAST_MS = 1000;

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
    // What was counted since the last report; a broker that is away holds up no stop.
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      const last = send().catch((error: unknown) => log.debug({ err: error }, 'the last metrics are not reported'));
      await Promise.race([last, sleep(LAST_MS, undefined, { ref: false })]);
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
    started_at: telemetry.startedAt.toISOString(),
    at: new Date().toISOString(),
    every_s: everySeconds,
    values: await telemetry.listValues(),
  };
}
