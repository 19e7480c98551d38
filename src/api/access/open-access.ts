import path from 'node:path';
import type { Log } from '../../base/log.ts';
import type { Sql } from '../../db/sql.ts';
import type { AccountsConfig } from '../../identity/config.ts';
import { type KeyFile, openKeyFile } from '../../identity/key-file.ts';
import { Passwords } from '../../identity/passwords.ts';
import { noteTokenUse } from '../../store/api-tokens.ts';
import { hasAccounts } from '../../store/sign-in/accounts.ts';
import { forgetAttempts } from '../../store/sign-in/attempts.ts';
import { createFirstLink } from '../../store/sign-in/links.ts';
import { forgetSessions } from '../../store/sign-in/sessions.ts';
import { AccessTokens } from './access-tokens.ts';
import { createIdentify } from './identify.ts';
import { KnownPrincipals } from './known-principals.ts';
import { Oidc } from './oidc.ts';
import { SignIn } from './sign-in.ts';

const UPKEEP_MS = 3_600_000;

/** How people and programs get in. */
export type Access = Readonly<{
  principals: KnownPrincipals;
  signIn: SignIn;
  passwords: Passwords;
  tokens: AccessTokens;
  keyFile: KeyFile;
  /** Undefined where no provider is configured. */
  oidc: Oidc | undefined;
  /** Whether the first account exists. */
  isSetUp(): Promise<boolean>;
  /** Token of the link to the first account, which works once and until the next start; undefined where there is one. */
  setUpToken: string | undefined;
}> &
  Disposable;

type Given = Readonly<{ sql: Sql; accounts: AccountsConfig; dataFolder: string; log: Log }>;

export async function openAccess({ sql, accounts, dataFolder, log }: Given): Promise<Access> {
  const keyFile = await openKeyFile(path.resolve(dataFolder, accounts.key_file));
  const passwords = new Passwords(accounts.password);
  const tokens = new AccessTokens({ sql, keyFile });
  let wasSetUp = await hasAccounts(sql);
  const setUpToken = wasSetUp ? undefined : await createFirstLink(sql);
  const upkeep = setInterval(() => void forget(sql), UPKEEP_MS);
  upkeep.unref();
  return {
    principals: new KnownPrincipals({
      identify: createIdentify({ sql, tokens, accounts }),
      noteTokenUse: (id) => noteTokenUse(sql, id),
      log,
    }),
    signIn: new SignIn({ sql, passwords, keyFile }),
    passwords,
    tokens,
    keyFile,
    oidc: accounts.oidc && new Oidc(accounts.oidc, keyFile),
    async isSetUp() {
      wasSetUp ||= await hasAccounts(sql);
      return wasSetUp;
    },
    setUpToken,
    [Symbol.dispose]: () => clearInterval(upkeep),
  };
}

/** What is over takes space only; the next hour tries again. */
async function forget(sql: Sql): Promise<void> {
  await Promise.allSettled([forgetAttempts(sql), forgetSessions(sql)]);
}
