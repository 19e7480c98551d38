import type { Sql } from '../../db/sql.ts';
import { createSecret, hashSecret } from '../../identity/secret.ts';

const HOURS = 24;

/** Makes the link to the first account and returns its token; those of earlier starts no longer work. */
export async function createFirstLink(sql: Sql): Promise<string> {
  await sql.query('DELETE FROM account_links WHERE account_id IS NULL');
  return createLink(sql, undefined);
}

/** Makes a link to a new password for an account and returns its token; earlier ones no longer work. */
export async function createAccountLink(sql: Sql, account: string): Promise<string> {
  await sql.query('DELETE FROM account_links WHERE account_id = $1', [account]);
  return createLink(sql, account);
}

async function createLink(sql: Sql, account: string | undefined): Promise<string> {
  const token = createSecret();
  await sql.query(
    "INSERT INTO account_links (hash, account_id, expires_at) VALUES ($1, $2, now() + $3::int * interval '1 hour')",
    [hashSecret(token), account ?? null, HOURS],
  );
  return token;
}

/** What a link leads to. */
export type Link = Readonly<{ account: string | undefined }>;

/** What a token that was not used and has not expired leads to; undefined for any other. */
export async function findLink(sql: Sql, token: string): Promise<Link | undefined> {
  return readLink(
    await sql.query('SELECT account_id FROM account_links WHERE hash = $1 AND expires_at > now()', [hashSecret(token)]),
  );
}

/** Uses a link up: of several at once, one gets it. */
export async function takeLink(sql: Sql, token: string): Promise<Link | undefined> {
  return readLink(
    await sql.query('DELETE FROM account_links WHERE hash = $1 AND expires_at > now() RETURNING account_id', [
      hashSecret(token),
    ]),
  );
}

function readLink([row]: readonly { account_id?: string | null }[]): Link | undefined {
  return row && { account: row.account_id ?? undefined };
}
