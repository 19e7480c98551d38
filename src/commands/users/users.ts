import { text } from 'node:stream/consumers';
import { pageAddress } from '../../api/config.ts';
import type { Config } from '../../app/config.ts';
import { openCommandAudit } from '../../app/open-command-audit.ts';
import { AlprError } from '../../base/errors.ts';
import { roleSchema, scopeSchema } from '../../contract/access.ts';
import { nameField } from '../../contract/api/auth.ts';
import type { Person } from '../../contract/api/people.ts';
import type { Sql } from '../../db/sql.ts';
import { checkNewPassword } from '../../identity/password-rules.ts';
import { Passwords } from '../../identity/passwords.ts';
import { findUnheardCameras } from '../../store/passage-counts.ts';
import { listPeople } from '../../store/people.ts';
import { createAccount, disableAccount, findAnyAccount, setPasswordHash } from '../../store/sign-in/accounts.ts';
import { createAccountLink } from '../../store/sign-in/links.ts';
import { removeTotp } from '../../store/sign-in/second-factor.ts';
import { endSessions } from '../../store/sign-in/sessions.ts';
import { formatColumns } from '../format-columns.ts';

export type NewUserFlags = Readonly<{
  role: string;
  cameras?: readonly string[];
  sites?: readonly string[];
  passwordStdin?: boolean;
}>;

type PasswordFlags = Readonly<{ passwordStdin?: boolean }>;

/** Adds an account in the configured database. */
export async function addUser(config: Config, typed: string, flags: NewUserFlags): Promise<void> {
  const role = roleSchema.safeParse(flags.role);
  if (!role.success) {
    const roles = roleSchema.options.join(', ');
    throw new AlprError('INPUT_INVALID', `Expected --role to be one of ${roles}; got ${flags.role}`);
  }
  const named = nameField.safeParse(typed);
  if (!named.success) throw new AlprError('INPUT_INVALID', `Invalid name: ${named.error.issues[0]?.message}`);
  const name = named.data;
  const { cameras = [], sites = [] } = flags;
  const scope = cameras.length + sites.length > 0 ? scopeSchema.parse({ cameras, sites }) : undefined;
  const passwordHash = await readPasswordHash(config, name, flags);
  await using database = await openCommandAudit(config);
  await database.record({ action: 'change', operation: 'users add', query: { name, role: role.data, scope } });
  const id = await createAccount(database.sql, { name, role: role.data, scope, ...(passwordHash && { passwordHash }) });
  await printWayIn(config, database.sql, { id, name, hasPassword: passwordHash !== undefined });
  await warnOfUnknown(config, database.sql, cameras);
}

/** A name that is mistyped would show this person nothing; a camera that is yet to come is no mistake. */
async function warnOfUnknown({ cameras: configured }: Config, sql: Sql, cameras: readonly string[]): Promise<void> {
  const names = cameras.filter((name) => !configured.some(({ id }) => id === name));
  for (const name of await findUnheardCameras(sql, names)) {
    process.stderr.write(`No camera ${name} has been heard of so far; check the name\n`);
  }
}

/** Gives somebody a new start: whatever opened the account opens it no more. */
export async function resetUser(config: Config, name: string, flags: PasswordFlags): Promise<void> {
  const passwordHash = await readPasswordHash(config, name, flags);
  await using database = await openCommandAudit(config);
  const { sql } = database;
  const id = await requireUser(sql, name);
  await database.record({ action: 'change', operation: 'users reset', query: { person: id, name } });
  await setPasswordHash(sql, id, passwordHash);
  await removeTotp(sql, id);
  await endSessions(sql, id);
  await printWayIn(config, sql, { id, name, hasPassword: passwordHash !== undefined });
}

/** Disables or enables an account. */
export async function disableUser(config: Config, name: string, isDisabled: boolean): Promise<void> {
  await using database = await openCommandAudit(config);
  const id = await requireUser(database.sql, name);
  const operation = `users ${isDisabled ? 'disable' : 'enable'}`;
  await database.record({ action: 'change', operation, query: { person: id, name } });
  await disableAccount(database.sql, id, isDisabled);
  if (isDisabled) await endSessions(database.sql, id);
  print(`${name} is ${isDisabled ? 'disabled' : 'enabled'}.`);
}

/** Prints all accounts. */
export async function listUsers(config: Config, flags: Readonly<{ json?: boolean }>): Promise<void> {
  await using database = await openCommandAudit(config);
  const accounts = await listPeople(database.sql);
  await database.record({ action: 'view', operation: 'users list', results: accounts.length });
  if (flags.json) for (const account of accounts) print(JSON.stringify(account));
  else if (accounts.length === 0) print('No accounts yet.');
  else print(formatColumns([['name', 'role', 'state', 'last seen', 'of'], ...accounts.map(formatRow)]));
}

function formatRow(person: Person): readonly string[] {
  const { name, role, scope, disabled_at, has_password, second_factor, last_used_at } = person;
  const open = has_password ? `password${second_factor ? ' and code' : ''}` : 'no password';
  const places = scope ? [...scope.cameras, ...scope.sites].join(', ') || 'nowhere' : 'everywhere';
  return [name, role, disabled_at ? 'disabled' : open, last_used_at ?? 'never', places];
}

async function requireUser(sql: Sql, name: string): Promise<string> {
  const id = await findAnyAccount(sql, name);
  if (id === undefined) {
    throw new AlprError('NOT_FOUND', `Nobody is called ${name}; alpr users list shows who there is`);
  }
  return id;
}

/** Undefined where a link is asked for. */
async function readPasswordHash(config: Config, name: string, flags: PasswordFlags): Promise<string | undefined> {
  if (!flags.passwordStdin) return undefined;
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  await checkNewPassword(password, { name, minLength: config.accounts.password.min_length });
  return new Passwords(config.accounts.password).hash(password);
}

type WayIn = Readonly<{ id: string; name: string; hasPassword: boolean }>;

async function printWayIn({ server }: Config, sql: Sql, { id, name, hasPassword }: WayIn): Promise<void> {
  if (hasPassword) {
    print(`${name} signs in with the password that was given.`);
    return;
  }
  const token = await createAccountLink(sql, id);
  print(`With this link ${name} chooses a password, once, within 24 hours:`);
  print(`${pageAddress(server, server.port)}/setup#${new URLSearchParams({ token, name })}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
