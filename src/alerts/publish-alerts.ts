import type { Log } from '../base/log.ts';
import { pause } from '../base/retry.ts';
import type { Bus } from '../bus/bus.ts';
import type { Sql } from '../db/sql.ts';
import { publishInTurn } from '../store/alerts/publish-alerts.ts';
import type { AlertsMetrics } from './metrics.ts';

/** Longest time in which nobody asks the table: another process may have ended before it published what it wrote. */
const EVERY_MS = 1000;

type PublisherOptions = Readonly<{ bus: Bus; sql: Sql; log: Log; metrics: AlertsMetrics }>;

/** Alerts on their way to the bus; `wake` says that there are new ones. */
export type AlertPublisher = AsyncDisposable & Readonly<{ wake: () => void }>;

/**
 * Publishes alerts from their table, the revisions of each in order: at least once, and of several that are written quickly one
 * after another the last.
 */
export function openAlertPublisher({ bus, sql, log, metrics }: PublisherOptions): AlertPublisher {
  const closing = new AbortController();
  let waiting = new AbortController();
  let isWell = true;
  // A broker that is away must not hold up the end.
  const { promise: closed, reject } = Promise.withResolvers<never>();
  closed.catch(() => undefined);
  closing.signal.addEventListener('abort', () => reject(closing.signal.reason), { once: true });
  const running = (async () => {
    while (!closing.signal.aborted) {
      let count = 0;
      try {
        count = await publishInTurn(sql, (alerts) => Promise.race([bus.publish('alerts', alerts), closed]));
        metrics.published.inc(count);
        isWell = true;
      } catch (err) {
        if (isWell && !closing.signal.aborted) log.warn({ err }, 'alerts are not published and wait');
        isWell = false;
      }
      if (count === 0) await pause(EVERY_MS, AbortSignal.any([closing.signal, waiting.signal]));
      waiting = new AbortController();
    }
  })();
  return {
    wake: () => waiting.abort(),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}
