import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { AlprError } from '../../base/errors.ts';
import type { Sql } from '../../db/sql.ts';
import { REPORT_SETTINGS } from './read-report.ts';

/** The role that may read the views of reports and nothing else. It is one of the whole server. */
export const REPORTS_ROLE = 'alpr_reports';

const VIEWS = [
  'reads_per_camera_hour',
  'passages_per_camera_hour',
  'passage_counts',
  'report_reads',
  'report_alerts',
  'report_deliveries',
];
const PLATES = 'report_plates';

/** What RFC 7677 asks for at least, and PostgreSQL takes by default. */
const ITERATIONS = 4096;

/** Creates the role or changes it to exactly this: its password, and whether it sees the texts of plates. */
export async function grantReports(
  sql: Sql,
  { password, withPlates }: Readonly<{ password: string; withPlates: boolean }>,
): Promise<void> {
  if (!/^[!-~]{12,}$/.test(password)) {
    throw new AlprError('INPUT_INVALID', 'Expected a password of at least 12 letters, digits and signs without spaces');
  }
  const views = withPlates ? [...VIEWS, PLATES] : VIEWS;
  await sql.transaction(async (session) => {
    const run = (statement: string) => session.query(statement);
    if (!(await isThere(session))) await run(`CREATE ROLE ${REPORTS_ROLE}`);
    // Only what the password is checked by, which may stand in the log of the server.
    await run(
      `ALTER ROLE ${REPORTS_ROLE} LOGIN NOCREATEDB NOCREATEROLE CONNECTION LIMIT 10 PASSWORD '${verifierOf(password)}'`,
    );
    await run(`ALTER ROLE ${REPORTS_ROLE} SET default_transaction_read_only = on`);
    await run(`ALTER ROLE ${REPORTS_ROLE} SET statement_timeout = '60s'`);
    for (const [name, value] of Object.entries(REPORT_SETTINGS)) {
      await run(`ALTER ROLE ${REPORTS_ROLE} SET ${name} = '${value}'`);
    }
    await run(`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${REPORTS_ROLE}`);
    await run(`GRANT USAGE ON SCHEMA public TO ${REPORTS_ROLE}`);
    await run(`GRANT SELECT ON ${views.join(', ')} TO ${REPORTS_ROLE}`);
  });
}

/** Removes the role; false where there is none. */
export async function removeReportsRole(sql: Sql): Promise<boolean> {
  return sql.transaction(async (session) => {
    if (!(await isThere(session))) return false;
    await session.query(`DROP OWNED BY ${REPORTS_ROLE}`);
    await session.query(`DROP ROLE ${REPORTS_ROLE}`);
    return true;
  });
}

async function isThere(session: Pick<Sql, 'query'>): Promise<boolean> {
  return (await session.query('SELECT FROM pg_roles WHERE rolname = $1', [REPORTS_ROLE])).length > 0;
}

/** What PostgreSQL keeps of a password (RFC 5802): from it nobody can tell the password. */
function verifierOf(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const keyOf = (name: string) => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  const server = keyOf('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${server}`;
}
