import type { Sql } from '../../db/sql.ts';

/** A key that signs tokens, with its private half sealed. */
export type StoredKey = Readonly<{
  kid: string;
  public_key: Readonly<Record<string, unknown>>;
  private_key: Uint8Array;
  sealed_by: string;
  created_at: Date;
}>;

/** Keys of the last `days`, the newest first. */
export function listSigningKeys(sql: Sql, days: number): Promise<readonly StoredKey[]> {
  return sql.query(
    `SELECT kid, public_key, private_key, sealed_by, created_at FROM token_signing_keys
     WHERE created_at > now() - $1::int * interval '1 day' ORDER BY created_at DESC, kid`,
    [days],
  );
}

/** Adds a key, and removes those that are older than `days`. */
export async function addSigningKey(sql: Sql, key: Omit<StoredKey, 'created_at'>, days: number): Promise<void> {
  const { kid, public_key, private_key, sealed_by } = key;
  await sql.query("DELETE FROM token_signing_keys WHERE created_at < now() - $1::int * interval '1 day'", [days]);
  await sql.query('INSERT INTO token_signing_keys (kid, public_key, private_key, sealed_by) VALUES ($1, $2, $3, $4)', [
    kid,
    JSON.stringify(public_key),
    private_key,
    sealed_by,
  ]);
}
