import type { Telemetry } from '../telemetry/telemetry.ts';

export type AuditMetrics = ReturnType<typeof createAuditMetrics>;

/** What the audit counts. */
export function createAuditMetrics(telemetry: Telemetry) {
  return {
    entries: telemetry.counter({
      name: 'alpr_audit_entries_total',
      help: 'Entries written to the audit, by action',
      labels: ['action'],
    }),
    write: telemetry.histogram({
      name: 'alpr_audit_write_seconds',
      help: 'Time until an entry is safe, which each audited answer waits for',
    }),
    failures: telemetry.counter({
      name: 'alpr_audit_failures_total',
      help: 'Entries that could not be written; their requests were refused',
    }),
    alarms: telemetry.counter({
      name: 'alpr_audit_alarms_total',
      help: 'Alarms raised for the auditor, by kind',
      labels: ['kind'],
    }),
  };
}
