import { createHash, randomBytes } from 'node:crypto';
import type { Permission, Scope } from '../contract/access.ts';
import type { FreshToken, Token } from '../contract/api/tokens.ts';
import type { Sql, SqlSession } from '../db/sql.ts';

const PREFIX = 'alpr_';

type NewToken = Readonly<{
  name: string;
  permissions: readonly Permission[];
  scope: Scope;
  expiresAt?: Date | undefined;
  /** Id of the account that makes it. */
  createdBy?: string | undefined;
}>;

type Places = Readonly<{ cameras: readonly string[] | null; sites: readonly string[] | null }>;
type KnownRow = Places & Readonly<{ id: string; name: string; permissions: readonly Permission[] }>;
type ListedRow = KnownRow &
  Readonly<{
    created_at: Date;
    created_by: string | null;
    expires_at: Date | null;
    last_used_at: Date | null;
    revoked_at: Date | null;
    former_until: Date | null;
  }>;

/** What a token lets through. */
export type KnownToken = Readonly<{ id: string; name: string; permissions: readonly Permission[]; scope: Scope }>;

const LISTED = `api_tokens.id, api_tokens.name, permissions, api_tokens.cameras, api_tokens.sites, api_tokens.created_at,
  user_accounts.name AS created_by, expires_at, last_used_at, revoked_at,
  CASE WHEN former_until > now() THEN former_until END AS former_until`;

/** Makes a token. It is told this once, and only its hash is kept. */
export async function createApiToken(sql: Sql, token: NewToken): Promise<FreshToken> {
  const { name, permissions, scope, expiresAt, createdBy } = token;
  const secret = makeSecret();
  const [row] = await sql.query<{ id: string }>(
    `INSERT INTO api_tokens (hash, name, permissions, cameras, sites, expires_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
    [hashToken(secret), name, permissions, scope?.cameras, scope?.sites, expiresAt, createdBy],
  );
  return { secret, token: await readToken(sql, row?.id) };
}

/** The token as it is now; undefined when there is none, or it has expired or was revoked. */
export async function findApiToken(sql: Sql, secret: string): Promise<KnownToken | undefined> {
  if (!secret.startsWith(PREFIX)) return undefined;
  const [row] = await sql.query<KnownRow>(
    `SELECT id, name, permissions, cameras, sites FROM api_tokens
     WHERE (hash = $1 OR former_hash = $1 AND former_until > now())
       AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    [hashToken(secret)],
  );
  if (!row) return undefined;
  const { id, name, permissions } = row;
  return { id, name, permissions, scope: scopeOfRow(row) };
}

/** Notes that a token was used, once a minute at most. */
export async function noteTokenUse(sql: Sql, id: string): Promise<void> {
  await sql.query(
    `UPDATE api_tokens SET last_used_at = now()
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
    [id],
  );
}

/** All tokens, newest first; those that are over, too. */
export async function listApiTokens(sql: Sql): Promise<readonly Token[]> {
  const rows = await sql.query<ListedRow>(
    `SELECT ${LISTED} FROM api_tokens LEFT JOIN user_accounts ON user_accounts.id = created_by
     ORDER BY api_tokens.created_at DESC, api_tokens.id LIMIT 1000`,
  );
  return rows.map(tokenOf);
}

/** One token; undefined when there is none. */
export async function findTokenById(sql: Sql | SqlSession, id: string): Promise<Token | undefined> {
  const [row] = await sql.query<ListedRow>(
    `SELECT ${LISTED} FROM api_tokens LEFT JOIN user_accounts ON user_accounts.id = created_by
     WHERE api_tokens.id = $1`,
    [id],
  );
  return row && tokenOf(row);
}

/** Gives a token that is not over another secret; what it was opens for `overlapS` seconds more. Undefined when it is over. */
export async function rotateApiToken(
  sql: Sql,
  { id, overlapS }: Readonly<{ id: string; overlapS: number }>,
): Promise<FreshToken | undefined> {
  const secret = makeSecret();
  const [row] = await sql.query<{ id: string }>(
    `UPDATE api_tokens SET hash = $2, former_hash = hash, former_until = now() + $3::int * interval '1 second'
     WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) RETURNING id`,
    [id, hashToken(secret), overlapS],
  );
  return row && { secret, token: await readToken(sql, row.id) };
}

/** Ends a token at once. */
export async function revokeApiToken(sql: Sql, id: string): Promise<void> {
  await sql.query('UPDATE api_tokens SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1', [id]);
}

async function readToken(sql: Sql, id: string | undefined): Promise<Token> {
  const token = id === undefined ? undefined : await findTokenById(sql, id);
  if (!token) throw new Error('expected the token that was just written');
  return token;
}

function tokenOf({ cameras, sites, ...row }: ListedRow): Token {
  const iso = (date: Date | null) => date?.toISOString() ?? null;
  return {
    ...row,
    scope: scopeOfRow({ cameras, sites }) ?? null,
    created_at: row.created_at.toISOString(),
    expires_at: iso(row.expires_at),
    last_used_at: iso(row.last_used_at),
    revoked_at: iso(row.revoked_at),
    former_until: iso(row.former_until),
  };
}

function scopeOfRow({ cameras, sites }: Places): Scope {
  return cameras && sites ? { cameras, sites } : undefined;
}

function makeSecret(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** 256 random bits need no slow hash. */
function hashToken(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
