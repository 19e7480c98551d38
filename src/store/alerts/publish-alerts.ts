import type { Alert } from '../../contract/alert.ts';
import type { Sql } from '../../db/sql.ts';

const PUBLISHER_KEY = 0x0a1b2c43;
const AT_ONCE = 500;
/** Longer than a bus waits for its broker. */
const LIMITS = "SET LOCAL idle_in_transaction_session_timeout = '11min'";

/**
 * Has `publish` take alerts whose newest revision is not on the bus, and remembers that it did; resolves to how many. One process
 * does so at a time, so that revisions keep their order. Nobody who changes an alert waits for it.
 */
export function publishInTurn(sql: Sql, publish: (alerts: readonly Alert[]) => Promise<void>): Promise<number> {
  return sql.transaction(async (session) => {
    const [[turn], rows] = await Promise.all([
      session.query<{ mine: boolean }>(`SELECT pg_try_advisory_xact_lock(${PUBLISHER_KEY}) AS mine`),
      session.query<{ alert: Alert; revision: number }>(
        'SELECT alert, revision FROM alerts WHERE published < revision ORDER BY raised_at LIMIT $1',
        [AT_ONCE],
      ),
      session.query(LIMITS),
    ]);
    if (!turn?.mine || rows.length === 0) return 0;
    await publish(rows.map(({ alert }) => alert));
    await session.query(
      `UPDATE alerts SET published = given.revision FROM unnest($1::uuid[], $2::int[]) AS given (id, revision)
       WHERE alert_id = given.id AND published < given.revision`,
      [rows.map(({ alert }) => alert.alert_id), rows.map(({ revision }) => revision)],
    );
    return rows.length;
  });
}
