import { AlprError } from '../../base/errors.ts';
import type { Sql } from '../../db/sql.ts';
import { PATIENCE } from '../../identity/back-off.ts';
import type { KeyFile } from '../../identity/key-file.ts';
import type { Passwords } from '../../identity/passwords.ts';
import { findPeriod, tidyRecoveryCode } from '../../identity/totp.ts';
import { Turns } from '../../identity/turns.ts';
import { type Account, findAccount, setPasswordHash } from '../../store/sign-in/accounts.ts';
import { type Claim, claimAttempt, forgetFailures, returnAttempt } from '../../store/sign-in/attempts.ts';
import { spendPeriod, spendRecoveryCode } from '../../store/sign-in/second-factor.ts';
import { TooSoonError } from '../errors.ts';
import { isKnownDevice } from './known-device.ts';

/** Where an attempt comes from. */
export type Origin = Readonly<{
  address: string;
  device: string | undefined;
  /** Is told whose account it is about, before anything is checked; nothing where the name is nobody's: it may be a password. */
  onAccount?: (name: string) => void;
}>;

type Given = Readonly<{ sql: Sql; passwords: Passwords; keyFile: KeyFile }>;
type Attempt = Readonly<{ name: string; password: string; code?: string | undefined }>;

/** Attempts at once: few enough that the connections to the database stay free for everybody else. */
const AT_ONCE = 4;

/** Finds out whether somebody is who they say, and slows down those who guess. */
export class SignIn {
  readonly #given: Given;
  readonly #turns = new Turns(AT_ONCE);

  constructor(given: Given) {
    this.#given = given;
  }

  /**
   * The account of a name, password and code. SIGN_IN_FAILED says nothing about which of them is wrong; SECOND_FACTOR_REQUIRED when
   * only the code is missing; TOO_MANY_REQUESTS when one must wait.
   */
  signIn(attempt: Attempt, origin: Origin): Promise<Account> {
    return this.#turns.take(() => this.#trySignIn(attempt, origin));
  }

  /** Whoever is signed in shows once more that they know the password; SIGN_IN_FAILED when not. */
  async confirm(account: Account, password: string, origin: Origin): Promise<void> {
    const claims = this.#claimsOf(account.id, account, origin);
    await this.#claim(claims);
    const { isRight } = await this.#given.passwords.verify(password, account.passwordHash);
    if (!isRight) throw failed();
    await this.#forgive(claims);
  }

  async #trySignIn({ name, password, code }: Attempt, origin: Origin): Promise<Account> {
    const { sql, passwords } = this.#given;
    const account = await findAccount(sql, { name });
    if (account) origin.onAccount?.(account.name);
    const claims = this.#claimsOf(account?.id ?? name.toLowerCase(), account, origin);
    await this.#claim(claims);
    const { isRight, isOutdated } = await passwords.verify(password, account?.passwordHash);
    if (!account || !isRight) throw failed();
    if (account.totpSecret && code === undefined) {
      await returnAttempt(sql, claims);
      throw new AlprError('SECOND_FACTOR_REQUIRED', 'Expected the code of the authenticator, too, or a recovery code');
    }
    if (account.totpSecret && code !== undefined) await this.#checkCode(account, account.totpSecret, code);
    await this.#forgive(claims);
    if (isOutdated) await setPasswordHash(sql, account.id, await passwords.hash(password));
    return account;
  }

  async #checkCode(account: Account, sealed: Uint8Array, code: string): Promise<void> {
    const { sql, keyFile } = this.#given;
    const claims = [{ key: `code ${account.id}`, patience: PATIENCE.code }];
    await this.#claim(claims);
    const isRight = /^\d{6}$/.test(code)
      ? await this.#spendCode(account.id, keyFile.unseal(sealed), code)
      : await spendRecoveryCode(sql, account.id, tidyRecoveryCode(code));
    if (!isRight) throw failed();
    await forgetFailures(sql, claims);
  }

  async #spendCode(id: string, secret: Uint8Array, code: string): Promise<boolean> {
    const period = findPeriod(secret, code, new Date());
    return period !== undefined && spendPeriod(this.#given.sql, id, period);
  }

  /** A browser that was signed in before is not held up by those who guess elsewhere. */
  #claimsOf(who: string, account: Account | undefined, { address, device }: Origin): readonly Claim[] {
    if (account && isKnownDevice(this.#given.keyFile, account.id, device)) {
      return [{ key: `device ${device}`, patience: PATIENCE.device }];
    }
    return [
      { key: `account ${who}`, patience: PATIENCE.account },
      { key: `address ${networkOf(address)}`, patience: PATIENCE.address },
    ];
  }

  async #claim(claims: readonly Claim[]): Promise<void> {
    const seconds = await claimAttempt(this.#given.sql, claims);
    if (seconds > 0) throw new TooSoonError(`Too many attempts failed; try again in ${seconds} s`, seconds);
  }

  /** Who signs in with an account of their own does not wash away what else came from their address. */
  async #forgive(claims: readonly Claim[]): Promise<void> {
    const isShared = ({ key }: Claim) => key.startsWith('address ');
    await forgetFailures(
      this.#given.sql,
      claims.filter((claim) => !isShared(claim)),
    );
    await returnAttempt(this.#given.sql, claims.filter(isShared));
  }
}

function failed(): AlprError {
  return new AlprError('SIGN_IN_FAILED', 'Expected a name, password and code that belong together');
}

/** Of IPv6 the first 64 bits: one subscriber has all addresses below. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const rest = tail.split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}
