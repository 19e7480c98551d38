import type { Sql } from '../db/sql.ts';
import type { Auditor } from '../identity/audit-entry.ts';

/** Keeps what was done in the database. */
export function createAuditor(sql: Sql): Auditor {
  return {
    async record(entry) {
      await sql.query('INSERT INTO audit_entries (at, entry) VALUES ($1, $2)', [entry.at, JSON.stringify(entry)]);
    },
  };
}
