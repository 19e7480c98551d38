import type { Sql, SqlSession } from '../../db/sql.ts';

/** Tells everybody who matches that lists, rules or channels are others now. */
export async function countChange(session: SqlSession | Sql): Promise<void> {
  await session.query('UPDATE alert_settings SET revision = revision + 1');
}

/** The file of rules that is in force, and what is wrong with its newest text. */
export async function readRulesFile(sql: Sql): Promise<Readonly<{ path: string; error: string | null }> | null> {
  const [row] = await sql.query<{ path: string | null; error: string | null }>(
    'SELECT rules_file AS path, file_error AS error FROM alert_settings',
  );
  return row?.path ? { path: row.path, error: row.error } : null;
}

/** Counts up with each change of lists, rules and channels. */
export async function readSettingsRevision(sql: Pick<Sql, 'query'>): Promise<string> {
  const [row] = await sql.query<{ revision: string }>(
    'SELECT revision::text FROM alert_settings',
    [],
    'alert-revision',
  );
  return row?.revision ?? '0';
}
