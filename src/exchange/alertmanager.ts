import type { Alarm } from '../contract/alarm.ts';
import type { AlertmanagerBody } from '../contract/api/alertmanager.ts';
import { severitySchema } from '../contract/rule.ts';

const MAX_SUBJECT = 200;
const MAX_SUMMARY = 800;

/**
 * The alarms of a notification of Alertmanager's webhook
 * (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).
 */
export function decodeAlertmanager({ alerts }: AlertmanagerBody): readonly Alarm[] {
  return alerts.map(({ status, labels, annotations, startsAt, fingerprint }) => {
    const { alertname: name = 'alarm', severity, ...others } = labels;
    const about = Object.entries(others).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const subject = [name, ...about.map(([label, value]) => `${label}=${value}`)].join(' ');
    return {
      name,
      // Systems may have severities of their own.
      severity: severitySchema.catch('warning').parse(severity),
      fingerprint,
      subject: subject.length <= MAX_SUBJECT ? subject : cut(subject, fingerprint),
      summary: (annotations.summary ?? annotations.description ?? subject).slice(0, MAX_SUMMARY),
      since: new Date(startsAt).toISOString(),
      isOver: status === 'resolved',
    };
  });
}

/** Two alarms never have the same name for people. */
function cut(subject: string, fingerprint: string): string {
  const end = ` … ${fingerprint}`;
  return subject.slice(0, MAX_SUBJECT - end.length) + end;
}
