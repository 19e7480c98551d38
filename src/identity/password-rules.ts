import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AlprError } from '../base/errors.ts';

const MOST_CHARACTERS = 256;
/** What a guesser would try here, beside the name; this much must be left without it. */
const WORDS = [
  'ovr-alpr',
  'alpr',
  'anpr',
  'licence plate',
  'license plate',
  'number plate',
  'licenceplate',
  'licenseplate',
  'numberplate',
];
const LEFT = 6;

type Rules = Readonly<{ name: string; minLength: number }>;

/**
 * PASSWORD_REFUSED for a new password that is too short or too long, hardly more than the name or words of this program, or one that
 * leaks hold often. There are no other
 * rules: what is asked of its characters makes passwords worse (NIST SP 800-63B, 3.1.1).
 */
export async function checkNewPassword(password: string, { name, minLength }: Rules): Promise<void> {
  const normal = password.normalize('NFKC');
  const { length } = [...normal];
  if (length < minLength || length > MOST_CHARACTERS) {
    throw refuse(`${minLength} to ${MOST_CHARACTERS} characters, got ${length}`);
  }
  const folded = normal.toLowerCase();
  const words = [name.normalize('NFKC').toLowerCase(), ...WORDS].filter((word) => word.length > 2);
  const left = words.reduce((text, word) => text.replaceAll(word, ''), folded);
  if (left !== folded && [...left].length < LEFT) throw refuse('more than the name and what this program is about');
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
