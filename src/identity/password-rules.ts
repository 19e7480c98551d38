import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AlprError } from '../base/errors.ts';

const MOST_CHARACTERS = 256;

type Rules = Readonly<{ name: string; minLength: number }>;

/**
 * PASSWORD_REFUSED for a new password that is too short or too long, the name, or one that leaks hold often. There are no other
 * rules: what is asked of its characters makes passwords worse (NIST SP 800-63B, 3.1.1).
 */
export async function checkNewPassword(password: string, { name, minLength }: Rules): Promise<void> {
  const normal = password.normalize('NFKC');
  const { length } = [...normal];
  if (length < minLength || length > MOST_CHARACTERS) {
    throw refuse(`${minLength} to ${MOST_CHARACTERS} characters, got ${length}`);
  }
  const folded = normal.toLowerCase();
  const plainName = name.normalize('NFKC').toLowerCase();
  if (folded === plainName || (plainName.length > 3 && folded.replaceAll(plainName, '').length < 4)) {
    throw refuse('not the name');
  }
  if (/^(.)\1*$/u.test(normal) || (await readCommonPasswords()).has(folded)) {
    throw refuse('not one that is known to everybody who guesses; four unrelated words are good');
  }
}

function refuse(expected: string): AlprError {
  return new AlprError('PASSWORD_REFUSED', `Expected another password: ${expected}`);
}

/** In lower case. Passwords are chosen seldom: what is read now need not be kept. */
async function readCommonPasswords(): Promise<ReadonlySet<string>> {
  const packed = await readFile(new URL('common-passwords.txt.gz', import.meta.url));
  const text = await promisify(gunzip)(packed);
  return new Set(text.toString().split('\n'));
}
