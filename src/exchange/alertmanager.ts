import type { Alarm } from '../contract/alarm.ts';
import type { AlertmanagerBody } from '../contract/api/alertmanager.ts';
import { severitySchema } from '../contract/rule.ts';

const MAX_SUBJECT = 200;
const MAX_SUMMARY = 800;
/** The end of the last year of four digits. */
const LATEST = Date.UTC(9999, 11, 31);

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
      name: tidy(name, MAX_SUBJECT),
      // Systems may have severities of their own.
      severity: severitySchema.catch('warning').parse(severity),
      fingerprint,
      subject: subject.length <= MAX_SUBJECT ? tidy(subject, MAX_SUBJECT) : cut(subject, fingerprint),
      summary: tidy(annotations.summary ?? annotations.description ?? subject, MAX_SUMMARY),
      since: new Date(Math.min(Math.max(Date.parse(startsAt), 0), LATEST)).toISOString(),
      isOver: status === 'resolved',
    };
  });
}

/** Two alarms never have the same name for people. */
function cut(subject: string, fingerprint: string): string {
  const end = ` … ${fingerprint}`;
  return tidy(subject, MAX_SUBJECT - end.length) + end;
}

/** The beginning of a text as PostgreSQL takes it: one odd alarm must not keep the others of its notification out. */
function tidy(text: string, most: number): string {
  return text.slice(0, most).toWellFormed().replaceAll('\u0000', '\ufffd');
}
