import type { AuditAction } from '../contract/audit.ts';

/** One thing that someone did, before it is safe in the log. */
export type AuditEntry = Readonly<{
  at: Date;
  action: AuditAction;
  /** Kind, id and name of who did it, `system` for a user of the machine; undefined when nobody signed in. */
  who: Readonly<{ kind: 'person' | 'token' | 'address' | 'system'; id: string; name: string }> | undefined;
  /** Address of the client. */
  from: string;
  /** Operation of the API, such as `searchEvents`, or of the command line. */
  operation: string;
  status: number;
  purpose: string | undefined;
  caseNumber: string | undefined;
  /** What was asked for, without plates: filters, ids. */
  query: Readonly<Record<string, unknown>>;
  /** Plates that were asked for or seen one by one; they are stored encrypted. */
  plates: readonly string[];
  /** How many results there were. */
  results: number | undefined;
}>;

/** Keeps what was done. Resolves once it is safe; an answer leaves only then. AUDIT_UNAVAILABLE when it cannot be kept. */
export interface Auditor {
  record(entry: AuditEntry): Promise<void>;
}
