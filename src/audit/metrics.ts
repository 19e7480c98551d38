import type { Telemetry } from '../telemetry/telemetry.ts';

export type AuditMetrics = ReturnType<typeof createAuditMetrics>;

/** What the audit counts. */
export function createAuditMetrics(telemetry: Telemetry) {
  return {
    entries: telemetry.counter({
      name: 'alpr_audit_entries_total',
      help: 'Entries written to the audit, by action',
      unit: 'none',
      advice: 'When one action grows without a reason that you know, look into the audit who does it.',
      labels: ['action'],
      most: { action: 500 },
    }),
    write: telemetry.seconds({
      name: 'alpr_audit_write_seconds',
      help: 'Time until an entry is safe, which each audited answer waits for',
      unit: 'seconds',
      advice: 'When it grows, the disk of the database is slow to sync.',
    }),
    failures: telemetry.counter({
      name: 'alpr_audit_failures_total',
      help: 'Entries that could not be written; their requests were refused',
      unit: 'none',
      advice: 'When it grows, the database does not take entries: the log has the error.',
    }),
    alarms: telemetry.counter({
      name: 'alpr_audit_alarms_total',
      help: 'Alarms raised for the auditor, by kind',
      unit: 'none',
      advice:
        'When it grows, the auditor looks at the alarm on the page; the kind chain means that the audit was tampered with.',
      labels: ['kind'],
    }),
  };
}
