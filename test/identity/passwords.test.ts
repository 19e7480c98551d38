import { expect, test } from 'vitest';
import { accountsConfigSchema } from '../../src/identity/config.ts';
import { checkNewPassword } from '../../src/identity/password-rules.ts';
import { Passwords } from '../../src/identity/passwords.ts';

const passwords = new Passwords(accountsConfigSchema.parse(undefined).password);

test('a hash of the reference program of argon2 is understood, and due for renewal', async () => {
  // From test.c of github.com/P-H-C/phc-winner-argon2.
  const theirs = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await passwords.verify('password', theirs)).toEqual({ isRight: true, isOutdated: true });
  expect(await passwords.verify('Password', theirs)).toMatchObject({ isRight: false });
});

test('a hash has the costs of OWASP and a salt of its own, and takes a password however it was typed', async () => {
  const composed = 'sch\u00f6ne gr\u00fcne \ufb01sche';
  const [one, other] = [await passwords.hash(composed), await passwords.hash(composed)];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(one).not.toBe(other);
  const typed = 'scho\u0308ne gru\u0308ne fische';
  expect(await passwords.verify(typed, one)).toEqual({ isRight: true, isOutdated: false });
});

test('a name that nobody has takes as long as one with a hash', async () => {
  const stored = await passwords.hash('rather wet umbrellas');
  await passwords.verify('warm up', undefined);
  const least = [Infinity, Infinity];
  for (let round = 0; round < 9; round += 1) {
    for (const [side, hash] of [stored, undefined].entries()) {
      const began = performance.now();
      expect((await passwords.verify('rather dry umbrellas', hash)).isRight).toBe(false);
      // Whatever else runs only adds to it.
      least[side] = Math.min(least[side] ?? Infinity, performance.now() - began);
    }
  }
  const [known = 0, unknown = 0] = least;
  expect(Math.abs(Math.log(known / unknown))).toBeLessThan(Math.log(1.5));
});

test.each([
  ['too short', 'eleven char'],
  ['too long', 'ab'.repeat(129)],
  ['known to everybody', '123QWEasdZXC'],
  ['one letter', 'zzzzzzzzzzzzzzzz'],
  ['made of words of this program', 'NumberPlate ALPR 1'],
  ['the name', 'Anna of Rivertown'],
  ['hardly more than the name', 'anna of rivertown1!'],
])('a password that is %s is refused', async (_why, password) => {
  const rules = { name: 'anna of rivertown', minLength: 12 };
  await expect(checkNewPassword(password, rules)).rejects.toMatchObject({ code: 'PASSWORD_REFUSED' });
});

test.each(['four plain words here', '\u5bc6\u7801\u5bc6\u7801'.repeat(3), 'ab'.repeat(128)])(
  'the password %.20s is taken',
  async (password) => {
    await expect(checkNewPassword(password, { name: 'anna', minLength: 12 })).resolves.toBeUndefined();
  },
);
