import type { Alert } from '../contract/alert.ts';
import type { Counter, Telemetry } from '../telemetry/telemetry.ts';

export type AlertsMetrics = ReturnType<typeof createAlertsMetrics>;

/** What is counted on the way from an event to whoever is told of it. */
export function createAlertsMetrics(telemetry: Telemetry) {
  return {
    stage: telemetry.stage,
    alerts: createAlertsCounter(telemetry),
    messages: telemetry.counter({
      name: 'alpr_alert_messages_total',
      help: 'Messages put into the outbox for channels',
      unit: 'none',
      advice:
        'When far more are put in than alerts are raised, several channels hear of each alert: look at the rules.',
    }),
    delay: telemetry.seconds({
      name: 'alpr_alert_delay_seconds',
      help: 'Time from when an event was published until its alerts stood in the outbox',
      unit: 'seconds',
      advice: 'When it grows, look at alpr_consumer_lag of the group of alerts, then at the database.',
    }),
    published: telemetry.counter({
      name: 'alpr_alerts_published_total',
      help: 'Revisions of alerts published to the bus',
      unit: 'none',
      advice: 'When alerts are raised and none are published, the bus does not take them: look at alpr_bus_up.',
    }),
    rules: telemetry.gauge({
      name: 'alpr_alert_rules',
      help: 'Rules in force',
      unit: 'none',
      advice: 'When it falls to 0 nobody is told of anything: look at the rules on the page and at the file of rules.',
    }),
    fileFaulty: telemetry.gauge({
      name: 'alpr_alert_rules_file_faulty',
      help: '1 while the file of rules has an error, so that the previous rules stay in force',
      unit: 'none',
      advice: 'When it is 1, alpr alerts check FILE says what is wrong.',
    }),
    works: telemetry.gauge({
      name: 'alpr_alerts_works',
      help: '1 from the start and after a batch was held against the rules, 0 while batches are tried again',
      unit: 'none',
      advice: 'When it is 0, the log of alpr alerts has the error; mostly the database is away.',
    }),
    retries: telemetry.counter({
      name: 'alpr_alerts_retries_total',
      help: 'Batches that could not be held against the rules and come again, by error code',
      unit: 'none',
      advice: 'When it grows, look up the error code: the page of errors says what helps.',
      labels: ['cause'],
    }),
  };
}

/** Alerts by what became of them, whichever process makes them. */
export function createAlertsCounter(telemetry: Telemetry) {
  return telemetry.counter({
    name: 'alpr_alerts_total',
    help: 'Alerts by severity of their rule and by what became of them: raised, corrected, withdrawn, or held_back (kept, but sent to nobody)',
    unit: 'none',
    advice:
      'When withdrawn grows beside raised, provisional reads raise alerts too early: raise provisional_confidence, or let the rule wait for final reads.',
    labels: ['severity', 'outcome'],
  });
}

export function countAlerts(counter: Counter<'severity' | 'outcome'>, alerts: readonly Alert[]): void {
  for (const { rule, status, held_back } of alerts) {
    counter.inc({ severity: rule.severity, outcome: held_back === null ? status : 'held_back' });
  }
}
