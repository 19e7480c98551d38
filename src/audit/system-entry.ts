import { userInfo } from 'node:os';
import type { AuditAction } from '../contract/audit.ts';
import type { AuditEntry } from '../identity/audit-entry.ts';

/** What the program itself does to the audit. */
export function describeSystem(operation: string, query: AuditEntry['query']): AuditEntry {
  return describe({ action: 'audit', operation, query, who: { kind: 'system', id: 'ovr-alpr', name: 'ovr-alpr' } });
}

/** What a command does. */
export type CommandDeed = Readonly<{
  action: AuditAction;
  /** Such as `dlq show`. */
  operation: string;
  query?: AuditEntry['query'];
  plates?: readonly string[];
  results?: number;
}>;

/** What somebody does on the command line, who is known as a user of the machine. */
export function describeCommand(deed: CommandDeed): AuditEntry {
  const { uid, username } = userInfo();
  return describe({ ...deed, who: { kind: 'system', id: `uid ${uid}`, name: username } });
}

function describe({ query = {}, plates = [], results, ...deed }: CommandDeed & Pick<AuditEntry, 'who'>): AuditEntry {
  return {
    ...deed,
    at: new Date(),
    from: 'command line',
    status: 200,
    purpose: undefined,
    caseNumber: undefined,
    query,
    plates,
    results,
  };
}
