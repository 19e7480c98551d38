import type { Sql, SqlSession } from '../../db/sql.ts';

const TURN_KEY = 0x0a1b2c44;
/** Longer than a registry is waited for, several times over. */
const LIMITS = "SET LOCAL idle_in_transaction_session_timeout = '11min'";

/** Does `work` unless another process does the like at this moment. */
export async function takeTurn(sql: Sql, work: (session: SqlSession) => Promise<void>): Promise<void> {
  await sql.transaction(async (session) => {
    const [[turn]] = await Promise.all([
      session.query<{ mine: boolean }>(`SELECT pg_try_advisory_xact_lock(${TURN_KEY}) AS mine`),
      session.query(LIMITS),
    ]);
    if (turn?.mine) await work(session);
  });
}
