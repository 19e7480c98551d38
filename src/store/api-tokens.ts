import { createHash, randomBytes } from 'node:crypto';
import type { Permission, Scope } from '../contract/access.ts';
import type { Sql } from '../db/sql.ts';

const PREFIX = 'alpr_';

type NewToken = Readonly<{ name: string; permissions: readonly Permission[]; scope: Scope; expiresAt?: Date }>;

type TokenRow = Readonly<{
  id: string;
  name: string;
  permissions: readonly Permission[];
  cameras: readonly string[] | null;
  sites: readonly string[] | null;
}>;

/** What a token lets through. */
export type KnownToken = Readonly<{ id: string; name: string; permissions: readonly Permission[]; scope: Scope }>;

/** Makes a token and returns it; it is told this once, and only its hash is kept. */
export async function createApiToken(sql: Sql, { name, permissions, scope, expiresAt }: NewToken): Promise<string> {
  const token = PREFIX + randomBytes(32).toString('base64url');
  await sql.query(
    `INSERT INTO api_tokens (hash, name, permissions, cameras, sites, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [hashToken(token), name, permissions, scope?.cameras ?? null, scope?.sites ?? null, expiresAt ?? null],
  );
  return token;
}

/** The token as it is now; undefined when there is none, or it has expired or was revoked. */
export async function findApiToken(sql: Sql, token: string): Promise<KnownToken | undefined> {
  if (!token.startsWith(PREFIX)) return undefined;
  const [row] = await sql.query<TokenRow>(
    `SELECT id, name, permissions, cameras, sites FROM api_tokens
     WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    [hashToken(token)],
  );
  if (!row) return undefined;
  const { id, name, permissions, cameras, sites } = row;
  return { id, name, permissions, scope: cameras && sites ? { cameras, sites } : undefined };
}

/** 256 random bits need no slow hash. */
function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
