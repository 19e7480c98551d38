import { AlprError } from '../base/errors.ts';
import type { Role, Scope } from '../contract/access.ts';
import type { Person, PersonChange } from '../contract/api/people.ts';
import type { Sql, SqlSession } from '../db/sql.ts';
import { setPasswordHash } from './sign-in/accounts.ts';

type Asks = Pick<Sql, 'query'> | Pick<SqlSession, 'query'>;

type Row = Readonly<{
  id: string;
  name: string;
  role: Role;
  cameras: readonly string[] | null;
  sites: readonly string[] | null;
  has_password: boolean;
  second_factor: boolean;
  created_at: Date;
  last_used_at: Date | null;
  disabled_at: Date | null;
}>;

const PEOPLE = `SELECT id, name, role, cameras, sites, created_at, disabled_at,
  password_hash IS NOT NULL AS has_password, totp_secret IS NOT NULL AS second_factor,
  (SELECT max(last_used_at) FROM account_sessions WHERE account_id = user_accounts.id) AS last_used_at FROM user_accounts`;

/** Administrators of everything who can sign in. */
const GOVERNORS = `SELECT count(*)::int AS count FROM user_accounts
  WHERE role = 'admin' AND cameras IS NULL AND disabled_at IS NULL AND (password_hash IS NOT NULL
    OR EXISTS (SELECT FROM account_identities WHERE account_id = user_accounts.id))`;

/** Everybody, by name. */
export async function listPeople(sql: Asks): Promise<readonly Person[]> {
  return (await sql.query<Row>(`${PEOPLE} ORDER BY lower(name), id`)).map(personOf);
}

/** One person; undefined when there is none. */
export async function findPerson(sql: Asks, id: string): Promise<Person | undefined> {
  const [row] = await sql.query<Row>(`${PEOPLE} WHERE id = $1`, [id]);
  return row && personOf(row);
}

/** Changes role, scope or whether somebody may come in; CONFLICT where nobody would be left who may change it back. */
export function changePerson(
  sql: Sql,
  id: string,
  { role, scope, disabled }: PersonChange,
): Promise<Person | undefined> {
  return keepGovernor(sql, async (session) => {
    await session.query(
      `UPDATE user_accounts SET role = coalesce($2::text, role),
         cameras = CASE WHEN $3::boolean THEN $4::text[] ELSE cameras END, sites = CASE WHEN $3 THEN $5::text[] ELSE sites END,
         disabled_at = CASE WHEN $6::boolean THEN coalesce(disabled_at, now()) WHEN NOT $6 THEN NULL ELSE disabled_at END
       WHERE id = $1`,
      [id, role, scope !== undefined, scope?.cameras, scope?.sites, disabled],
    );
    return findPerson(session, id);
  });
}

/** Takes the password away; CONFLICT where nobody would be left who can sign in and give a new one. */
export function takePassword(sql: Sql, id: string): Promise<void> {
  return keepGovernor(sql, (session) => setPasswordHash(session, id, undefined));
}

/** Does a change unless it would lock out the last administrator. */
function keepGovernor<Result>(sql: Sql, change: (session: SqlSession) => Promise<Result>): Promise<Result> {
  return sql.transaction(async (session) => {
    // One after the other: two administrators might take the role from each other.
    await session.query('LOCK TABLE user_accounts IN SHARE ROW EXCLUSIVE MODE');
    const before = await countGovernors(session);
    const result = await change(session);
    if (before === 0 || (await countGovernors(session)) > 0) return result;
    throw new AlprError(
      'CONFLICT',
      'Expected an administrator of everything to stay who can sign in, this is the last one; make another one first',
    );
  });
}

async function countGovernors(session: Asks): Promise<number> {
  const [row] = await session.query<{ count: number }>(GOVERNORS);
  return row?.count ?? 0;
}

function personOf({ cameras, sites, created_at, last_used_at, disabled_at, ...row }: Row): Person {
  const scope: Scope = cameras && sites ? { cameras, sites } : undefined;
  return {
    ...row,
    scope: scope ?? null,
    created_at: created_at.toISOString(),
    last_used_at: last_used_at?.toISOString() ?? null,
    disabled_at: disabled_at?.toISOString() ?? null,
  };
}
