import type { Role, Scope } from '../../contract/access.ts';
import type { SessionList } from '../../contract/api/auth.ts';
import type { Sql } from '../../db/sql.ts';
import { createSecret, hashSecret } from '../../identity/secret.ts';

/** How long sessions live. */
export type Lifetimes = Readonly<{ idle_minutes: number; max_hours: number }>;

type NewSession = Readonly<{
  account: string;
  kind: 'page' | 'program';
  address: string;
  userAgent: string;
  lifetimes: Lifetimes;
}>;

/** A session and the secret that opens it, which is told this once. */
export type StartedSession = Readonly<{ id: string; secret: string }>;

/** Who is signed in by a session. */
export type SessionOwner = Readonly<{
  session: string;
  kind: 'page' | 'program';
  id: string;
  name: string;
  role: Role;
  scope: Scope;
  /** Whether a password alone has let them in. */
  lacksFactor: boolean;
}>;

type OwnerRow = Omit<SessionOwner, 'scope' | 'lacksFactor'> &
  Readonly<{
    cameras: readonly string[] | null;
    sites: readonly string[] | null;
    is_stale: boolean;
    lacks_factor: boolean;
  }>;

/** `$2` are the minutes after which an unused session ends. */
const ALIVE = `ended_at IS NULL AND expires_at > now() AND last_used_at > now() - $2::int * interval '1 minute'`;

/** When it was last used is written once a minute: a page asks several times a second. */
const STALE = "last_used_at < now() - interval '1 minute'";

const OWNER = `SELECT s.id AS session, s.kind, a.id, a.name, a.role, a.cameras, a.sites, ${STALE} AS is_stale,
  a.password_hash IS NOT NULL AND a.totp_secret IS NULL AS lacks_factor
  FROM account_sessions s JOIN user_accounts a ON a.id = s.account_id`;

const CURRENT = `${ALIVE} AND a.disabled_at IS NULL`;

export async function startSession(sql: Pick<Sql, 'query'>, started: NewSession): Promise<StartedSession> {
  const secret = createSecret();
  const { account, kind, address, userAgent, lifetimes } = started;
  const [row] = await sql.query<{ id: string }>(
    `INSERT INTO account_sessions (account_id, kind, hash, address, user_agent, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + $6::int * interval '1 hour') RETURNING id`,
    [account, kind, hashSecret(secret), address, userAgent.slice(0, 256), lifetimes.max_hours],
  );
  if (!row) throw new Error('expected the id of the new session');
  return { id: row.id, secret };
}

/** How a session is looked for; `isUse` says whether that counts as its use. */
type Looked = Lifetimes & Readonly<{ isUse: boolean }>;

/** Who has the cookie `secret`; undefined when the session is over. */
export function findPageSession(sql: Sql, secret: string, looked: Looked): Promise<SessionOwner | undefined> {
  return findOwner(sql, `s.hash = $1 AND s.kind = 'page'`, hashSecret(secret), looked);
}

/** Whose program it is; undefined when its session is over. */
export function findProgramSession(sql: Sql, id: string, looked: Looked): Promise<SessionOwner | undefined> {
  return findOwner(sql, `s.id = $1 AND s.kind = 'program'`, id, looked);
}

async function findOwner(
  sql: Sql,
  where: string,
  value: string | Uint8Array,
  { idle_minutes, isUse }: Looked,
): Promise<SessionOwner | undefined> {
  const [row] = await sql.query<OwnerRow>(`${OWNER} WHERE ${where} AND ${CURRENT}`, [value, idle_minutes]);
  if (!row) return undefined;
  const { cameras, sites, is_stale, lacks_factor: lacksFactor, ...owner } = row;
  if (is_stale && isUse) {
    await sql.query('UPDATE account_sessions SET last_used_at = now() WHERE id = $1', [owner.session]);
  }
  return { ...owner, lacksFactor, scope: cameras && sites ? { cameras, sites } : undefined };
}

/**
 * Exchanges a refresh token for the next one; undefined when it does not open a session. A token that was exchanged before ends its
 * session, because two have it: of several that come at once, one succeeds and the session ends all the same.
 */
export async function rotateRefreshToken(
  sql: Sql,
  secret: string,
  lifetimes: Lifetimes,
): Promise<(StartedSession & Readonly<{ account: string }>) | undefined> {
  const next = createSecret();
  const [rotated] = await sql.query<{ id: string; account: string }>(
    `WITH rotated AS (
       UPDATE account_sessions SET hash = $3, last_used_at = now()
       WHERE hash = $1 AND kind = 'program' AND ${ALIVE} RETURNING id, account_id
     ), spent AS (INSERT INTO spent_refresh_tokens (hash, session_id) SELECT $1, id FROM rotated)
     SELECT id, account_id AS account FROM rotated`,
    [hashSecret(secret), lifetimes.idle_minutes, hashSecret(next)],
  );
  if (rotated) return { ...rotated, secret: next };
  await sql.query(
    `UPDATE account_sessions SET ended_at = now() WHERE ended_at IS NULL
     AND id = (SELECT session_id FROM spent_refresh_tokens WHERE hash = $1)`,
    [hashSecret(secret)],
  );
  return undefined;
}

/** Where somebody is signed in now, the last used first. */
export async function listSessions(
  sql: Sql,
  { account, current, lifetimes }: Readonly<{ account: string; current: string | undefined; lifetimes: Lifetimes }>,
): Promise<SessionList['sessions']> {
  const rows = await sql.query<Record<string, unknown> & { created_at: Date; last_used_at: Date; expires_at: Date }>(
    `SELECT id, kind, id::text IS NOT DISTINCT FROM $3 AS current, created_at, last_used_at, expires_at, address, user_agent
     FROM account_sessions WHERE account_id = $1 AND ${ALIVE} ORDER BY last_used_at DESC, id LIMIT 200`,
    [account, lifetimes.idle_minutes, current ?? null],
  );
  return rows.map((row) => ({
    ...(row as unknown as SessionList['sessions'][number]),
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
  }));
}

/** Ends one session of an account; false when it has none of that id that goes on. */
export async function endSession(sql: Sql, account: string, id: string): Promise<boolean> {
  const ended = await sql.query(
    'UPDATE account_sessions SET ended_at = now() WHERE id = $1 AND account_id = $2 AND ended_at IS NULL RETURNING id',
    [id, account],
  );
  return ended.length > 0;
}

/** Ends all sessions of an account, as after a change of its password or role. */
export async function endSessions(sql: Pick<Sql, 'query'>, account: string): Promise<void> {
  await sql.query('UPDATE account_sessions SET ended_at = now() WHERE account_id = $1 AND ended_at IS NULL', [account]);
}

/** Removes sessions that ended a month ago. */
export async function forgetSessions(sql: Sql): Promise<void> {
  await sql.query("DELETE FROM account_sessions WHERE least(ended_at, expires_at) < now() - interval '30 days'");
}
