import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditConfigSchema } from '../../src/audit/config.ts';
import { openAudit } from '../../src/audit/open-audit.ts';
import { createLog } from '../../src/base/log.ts';
import type { Sql } from '../../src/db/sql.ts';
import type { AuditEntry } from '../../src/identity/audit-entry.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';

/** A search of one person; what is given takes the place of what it has. */
export function makeEntry(given: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: new Date('2026-11-30T10:00:00Z'),
    action: 'search',
    who: { kind: 'person', id: 'p1', name: 'Ada' },
    from: '127.0.0.1',
    operation: 'searchEvents',
    status: 200,
    purpose: undefined,
    caseNumber: undefined,
    query: { camera: 'gate' },
    plates: [],
    results: 3,
    ...given,
  };
}

/** The audit over a database, with keys in a folder of its own or a given one. */
export async function openTestAudit(sql: Sql, config: object = {}, folder?: string) {
  const telemetry = new Telemetry();
  const dataFolder = folder ?? (await mkdtemp(join(tmpdir(), 'alpr-audit-')));
  const log = createLog({ level: 'silent' });
  const audit = await openAudit({ sql, config: auditConfigSchema.parse(config), dataFolder, telemetry, log });
  return {
    ...audit,
    dataFolder,
    telemetry,
    [Symbol.asyncDispose]: async () => {
      await audit[Symbol.asyncDispose]();
      if (folder === undefined) await rm(dataFolder, { recursive: true });
    },
  };
}
