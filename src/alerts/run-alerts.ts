import type { Log } from '../base/log.ts';
import type { Bus } from '../bus/bus.ts';
import type { Schedule } from '../contract/rule.ts';
import type { Sql } from '../db/sql.ts';
import { tidyPassages } from '../store/alerts/history.ts';
import { BatchOutcomes } from '../telemetry/batch-outcomes.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import { ALERTS_GROUP, type AlertsConfig } from './config.ts';
import { type AlertsMetrics, countAlerts } from './metrics.ts';
import { openAlertPublisher } from './publish-alerts.ts';
import type { Raised } from './raise-alerts.ts';
import { repeat } from './repeat.ts';
import { watchSystem } from './system/watch-system.ts';
import { createTakeEvents, type RuleBook, takeOverstays } from './take-events.ts';

type AlertsOptions = Readonly<{
  bus: Bus;
  sql: Sql;
  log: Log;
  metrics: AlertsMetrics;
  config: Pick<AlertsConfig, 'batch_events' | 'max_age_hours'>;
  /** Whose disk is watched. */
  dataFolder: string;
  /** The rules that are in force now. */
  book: () => RuleBook;
  isWithin: (schedule: Schedule, at: number) => boolean;
  tracing?: Tracing;
  /** Is called after messages were put into the outbox, with their channels. */
  onRaised?: (channels: readonly string[]) => void;
}>;

/** Longest wait for a batch to fill: whoever stands at a gate waits, too. */
const WAIT_MS = 1;
const HOUR_MS = 3_600_000;
const OVERSTAYS_MS = 5000;
const TIDY_MS = 300_000;

export type RunningAlerts = AsyncDisposable & Readonly<{ outcomes: BatchOutcomes }>;

/** Holds the events of the bus against the rules, and publishes the alerts. */
export async function runAlerts(options: AlertsOptions): Promise<RunningAlerts> {
  const { bus, config, metrics } = options;
  await using opened = new AsyncDisposableStack();
  const outcomes = opened.use(new BatchOutcomes(metrics));
  const publisher = opened.use(openAlertPublisher(options));
  const onRaised = ({ alerts, channels }: Raised) => {
    countAlerts(metrics.alerts, alerts);
    metrics.messages.inc(channels.length);
    if (channels.length > 0) options.onRaised?.(channels);
    publisher.wake();
  };
  const taking = { ...options, maxAgeMs: config.max_age_hours * HOUR_MS, onRaised };
  const take = createTakeEvents(taking);
  opened.use(
    await bus.subscribe(
      { topic: 'plates', group: ALERTS_GROUP, maxBatch: config.batch_events, maxWaitMs: WAIT_MS },
      (batch) => {
        const hasFailed = !outcomes.state().ok;
        return outcomes.watch(() => take(batch, hasFailed));
      },
    ),
  );
  opened.use(await watchSystem({ ...options, rules: () => options.book().rules, onRaised }));
  opened.use(
    repeat(
      {
        everyMs: OVERSTAYS_MS,
        onError: (err) =>
          options.log.warn({ err }, 'visits that last too long cannot be looked for and are again soon'),
      },
      () => takeOverstays(taking),
    ),
  );
  opened.use(
    repeat(
      {
        everyMs: TIDY_MS,
        onError: (err) =>
          options.log.warn({ err }, 'noted passages that are over cannot be forgotten and are next time'),
      },
      () => tidyPassages(options.sql),
    ),
  );
  const closing = opened.move();
  return { outcomes, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}
