import type { Sql } from '../../db/sql.ts';
import { hashSecret } from '../../identity/secret.ts';

/** Keeps a sealed secret until a code confirms that an authenticator has it. */
export async function setPendingTotp(sql: Sql, account: string, sealed: Uint8Array): Promise<void> {
  await sql.query('UPDATE user_accounts SET totp_pending = $2 WHERE id = $1', [account, sealed]);
}

/** The sealed secret that waits for its first code. */
export async function findPendingTotp(sql: Sql, account: string): Promise<Uint8Array | undefined> {
  const [row] = await sql.query<{ totp_pending: Uint8Array | null }>(
    'SELECT totp_pending FROM user_accounts WHERE id = $1',
    [account],
  );
  return row?.totp_pending ?? undefined;
}

type Confirmed = Readonly<{ period: number; recoveryCodes: readonly string[] }>;

/** From now on the pending secret is asked for; false where another request was first. */
export function confirmTotp(sql: Sql, account: string, { period, recoveryCodes }: Confirmed): Promise<boolean> {
  return sql.transaction(async (session) => {
    const confirmed = await session.query(
      `UPDATE user_accounts SET totp_secret = totp_pending, totp_pending = NULL, totp_period = $2
       WHERE id = $1 AND totp_pending IS NOT NULL RETURNING id`,
      [account, period],
    );
    await session.query('DELETE FROM account_recovery_codes WHERE account_id = $1', [account]);
    await session.query('INSERT INTO account_recovery_codes (hash, account_id) SELECT unnest($1::bytea[]), $2', [
      recoveryCodes.map(hashSecret),
      account,
    ]);
    return confirmed.length > 0;
  });
}

/** Takes the second factor away, with its recovery codes. */
export async function removeTotp(sql: Sql, account: string): Promise<void> {
  await sql.query(
    'UPDATE user_accounts SET totp_secret = NULL, totp_pending = NULL, totp_period = NULL WHERE id = $1',
    [account],
  );
  await sql.query('DELETE FROM account_recovery_codes WHERE account_id = $1', [account]);
}

/** Whether the code of this period is used for the first time, and none of a later one was. */
export async function spendPeriod(sql: Sql, account: string, period: number): Promise<boolean> {
  const spent = await sql.query(
    'UPDATE user_accounts SET totp_period = $2 WHERE id = $1 AND coalesce(totp_period < $2, true) RETURNING id',
    [account, period],
  );
  return spent.length > 0;
}

/** Whether it is a recovery code of the account; it works no more. */
export async function spendRecoveryCode(sql: Sql, account: string, code: string): Promise<boolean> {
  const spent = await sql.query(
    'DELETE FROM account_recovery_codes WHERE hash = $1 AND account_id = $2 RETURNING hash',
    [hashSecret(code), account],
  );
  return spent.length > 0;
}
