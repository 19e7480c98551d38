import type { Sql } from '../../db/sql.ts';

/** Why somebody looks things up. */
export type SaidPurpose = Readonly<{ purpose: string; case_number: string | null }>;

/** What was said in a session, if anything. */
export async function findSessionPurpose(sql: Sql, session: string): Promise<SaidPurpose | undefined> {
  const [row] = await sql.query<SaidPurpose>('SELECT purpose, case_number FROM session_purposes WHERE session = $1', [
    session,
  ]);
  return row;
}

/** Keeps what was said in a session, or forgets it. What sessions said that are long over is removed. */
export async function keepSessionPurpose(sql: Sql, session: string, said: SaidPurpose | undefined): Promise<void> {
  await sql.query("DELETE FROM session_purposes WHERE session = $1 OR said_at < now() - interval '90 days'", [session]);
  if (!said) return;
  await sql.query(
    `INSERT INTO session_purposes (session, purpose, case_number) VALUES ($1, $2, $3) ON CONFLICT (session)
     DO UPDATE SET purpose = EXCLUDED.purpose, case_number = EXCLUDED.case_number, said_at = now()`,
    [session, said.purpose, said.case_number],
  );
}
