import { AlprError } from '../../base/errors.ts';
import type { Role, Scope } from '../../contract/access.ts';
import type { Language } from '../../contract/api/auth.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';

/** What can ask the database, in a transaction or without. */
type Asks = Pick<Sql, 'query'> | Pick<SqlSession, 'query'>;

/** An account as signing in needs it. */
export type Account = Readonly<{
  id: string;
  name: string;
  role: Role;
  scope: Scope;
  passwordHash: string | undefined;
  /** Sealed. */
  totpSecret: Uint8Array | undefined;
  /** Whether a password alone lets them in. */
  lacksFactor: boolean;
  language: Language | null;
  timeZone: string | null;
}>;

type Row = Readonly<{
  id: string;
  name: string;
  role: Role;
  cameras: readonly string[] | null;
  sites: readonly string[] | null;
  password_hash: string | null;
  totp_secret: Uint8Array | null;
  language: Language | null;
  time_zone: string | null;
}>;

const COLUMNS = 'id, name, role, cameras, sites, password_hash, totp_secret, language, time_zone';

/** An account that may sign in; undefined when there is none, or it is disabled. */
export async function findAccount(
  sql: Asks,
  by: Readonly<{ name: string } | { id: string }>,
): Promise<Account | undefined> {
  const [where, value] = 'id' in by ? ['id = $1', by.id] : ['lower(name) = lower($1)', by.name];
  const [row] = await sql.query<Row>(`SELECT ${COLUMNS} FROM user_accounts WHERE ${where} AND disabled_at IS NULL`, [
    value,
  ]);
  if (!row) return undefined;
  const { password_hash, totp_secret, cameras, sites, time_zone, ...same } = row;
  return {
    ...same,
    scope: cameras && sites ? { cameras, sites } : undefined,
    passwordHash: password_hash ?? undefined,
    totpSecret: totp_secret ?? undefined,
    lacksFactor: password_hash !== null && totp_secret === null,
    timeZone: time_zone,
  };
}

/** Whether anybody has an account at all. */
export async function hasAccounts(sql: Asks): Promise<boolean> {
  const [row] = await sql.query<{ some: boolean }>('SELECT EXISTS (SELECT FROM user_accounts) AS some');
  return row?.some === true;
}

type NewAccount = Readonly<{ name: string; role: Role; scope?: Scope; passwordHash?: string }>;

/** Letters of other scripts, and digits, with the Latin letter that each looks like, in upper or lower case (Unicode TR 39). */
const ALIKE = [
  'авекмнорстухіјѕһԁԛԝ' + 'αβεζηικμνορτυχγ' + '01',
  'abekmhopctyxijshdqw' + 'abezhikmvoptyxy' + 'ol',
] as const;
const look = (name: string) => `translate(lower(${name}), '${ALIKE[0]}', '${ALIKE[1]}')`;

/** Makes an account and returns its id; CONFLICT where somebody has the name, in whatever case, or one that looks like it. */
export async function createAccount(sql: Asks, { name, role, scope, passwordHash }: NewAccount): Promise<string> {
  const [alike] = await sql.query<{ name: string }>(
    `SELECT name FROM user_accounts WHERE ${look('name')} = ${look('$1')} AND lower(name) <> lower($1) LIMIT 1`,
    [name],
  );
  if (alike) {
    throw new AlprError(
      'CONFLICT',
      `Expected a name that nobody takes for ${alike.name}, who has an account; choose another one`,
    );
  }
  const [row] = await sql.query<{ id: string }>(
    `INSERT INTO user_accounts (name, role, cameras, sites, password_hash) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (lower(name)) DO NOTHING RETURNING id`,
    [name, role, scope?.cameras ?? null, scope?.sites ?? null, passwordHash ?? null],
  );
  if (row) return row.id;
  throw new AlprError('CONFLICT', `Expected a new name, but somebody is called ${name} already; choose another one`);
}

/** The first account, of an administrator; CONFLICT when somebody else was first. */
export function createFirstAccount(
  sql: Sql,
  account: Readonly<{ name: string; passwordHash: string }>,
): Promise<string> {
  return sql.transaction(async (session) => {
    await session.query('LOCK TABLE user_accounts IN SHARE ROW EXCLUSIVE MODE');
    if (await hasAccounts(session))
      throw new AlprError('CONFLICT', 'The first account exists already; sign in with it');
    return createAccount(session, { ...account, role: 'admin' });
  });
}

/** Without a hash no password opens the account. */
export async function setPasswordHash(sql: Asks, id: string, passwordHash: string | undefined): Promise<void> {
  await sql.query('UPDATE user_accounts SET password_hash = $2 WHERE id = $1', [id, passwordHash ?? null]);
}

/** Id of an account by its name, also of one that is disabled. */
export async function findAnyAccount(sql: Asks, name: string): Promise<string | undefined> {
  const [row] = await sql.query<{ id: string }>('SELECT id FROM user_accounts WHERE lower(name) = lower($1)', [
    name.normalize('NFKC'),
  ]);
  return row?.id;
}

/** Lets somebody in no more, or again. */
export async function disableAccount(sql: Asks, id: string, isDisabled: boolean): Promise<void> {
  await sql.query('UPDATE user_accounts SET disabled_at = CASE WHEN $2 THEN now() END WHERE id = $1', [id, isDisabled]);
}

/** What a provider says that somebody is now. */
export async function setRole(sql: Asks, id: string, role: Role): Promise<void> {
  await sql.query('UPDATE user_accounts SET role = $2 WHERE id = $1', [id, role]);
}

type Preferences = Readonly<{ language?: Language | null | undefined; time_zone?: string | null | undefined }>;

/** Undefined leaves a preference as it is. */
export async function setPreferences(sql: Asks, id: string, { language, time_zone }: Preferences): Promise<void> {
  await sql.query(
    `UPDATE user_accounts SET language = CASE WHEN $2 THEN $3 ELSE language END,
       time_zone = CASE WHEN $4 THEN $5 ELSE time_zone END WHERE id = $1`,
    [id, language !== undefined, language ?? null, time_zone !== undefined, time_zone ?? null],
  );
}

/** The account that `subject` has at a provider; undefined before its first sign-in. */
export async function findIdentity(sql: Asks, issuer: string, subject: string): Promise<string | undefined> {
  const [row] = await sql.query<{ account_id: string }>(
    'SELECT account_id FROM account_identities WHERE issuer = $1 AND subject = $2',
    [issuer, subject],
  );
  return row?.account_id;
}

type NewIdentity = Readonly<{ issuer: string; subject: string; name: string; role: Role }>;

/** Makes an account for somebody whom a provider has signed in for the first time; CONFLICT where the name is taken. */
export function createIdentity(sql: Sql, { issuer, subject, name, role }: NewIdentity): Promise<string> {
  return sql.transaction(async (session) => {
    const id = await createAccount(session, { name, role });
    await session.query('INSERT INTO account_identities (issuer, subject, account_id) VALUES ($1, $2, $3)', [
      issuer,
      subject,
      id,
    ]);
    return id;
  });
}
