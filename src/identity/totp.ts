import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;

/** What an authenticator takes in. */
export type TotpSecret = Readonly<{ bytes: Uint8Array; secret: string; url: string }>;

/** A new secret (RFC 6238, SHA-1, six digits, 30 seconds: what every authenticator knows). */
export function createTotp(name: string): TotpSecret {
  const bytes = new Uint8Array(randomBytes(SECRET_BYTES));
  const totp = openTotp(bytes, name);
  return { bytes, secret: totp.secret.base32, url: totp.toString() };
}

/**
 * The number of the period that a code belongs to: the present one, the one before or after, because clocks differ. Undefined for a
 * wrong code.
 */
export function findPeriod(bytes: Uint8Array, code: string, at: Date): number | undefined {
  const delta = openTotp(bytes, '').validate({ token: code, timestamp: at.getTime(), window: 1 });
  return delta === null ? undefined : Math.floor(at.getTime() / 1000 / PERIOD_SECONDS) + delta;
}

function openTotp(bytes: Uint8Array, label: string): TOTP {
  const secret = new Secret({ buffer: new Uint8Array(bytes).buffer });
  return new TOTP({ issuer: 'OVR-ALPR', label, secret, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS });
}

const RECOVERY_CODES = 10;
const LETTERS = 'abcdefghjkmnpqrstvwxyz0123456789';

/** Ten codes of 120 random bits, in groups that can be typed: no i, l, o and u to mistake. */
export function createRecoveryCodes(): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = Array.from(randomBytes(24), (byte) => LETTERS[byte % LETTERS.length]).join('');
    return (letters.match(/.{6}/g) ?? []).join('-');
  });
}

/** A recovery code as it was shown, however it was typed. */
export function tidyRecoveryCode(typed: string): string {
  const letters = typed.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return (letters.match(/.{1,6}/g) ?? []).join('-');
}
