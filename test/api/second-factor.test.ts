import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../../src/api/server.ts';
import { Passwords } from '../../src/identity/passwords.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';
import { codeOf, makeAccounts, OwnBrowser, PASSWORD } from './own-browser.ts';

let back: BackEnd;
let api: Api;
let browser: OwnBrowser;

beforeAll(async () => {
  back = await openBackEnd();
  api = await back.open({ port: 0 }, undefined, makeAccounts());
  const passwordHash = await new Passwords(makeAccounts().password).hash(PASSWORD);
  await createAccount(back.sql, { name: 'anna', role: 'operator', passwordHash });
  browser = new OwnBrowser(api.url);
  await browser.post('/auth/login', { name: 'anna', password: PASSWORD });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await back[Symbol.asyncDispose]();
});

const signIn = async (code?: string) =>
  codeOf(
    await new OwnBrowser(api.url).post('/auth/login', { name: 'anna', password: PASSWORD, ...(code && { code }) }),
  );

/** RFC 6238 and RFC 4226, 5.3, as the text has them. */
function showCode(secret: string, period: number): string {
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const key = Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(period));
  const hash = createHmac('sha1', key).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 0xf;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const period = () => Math.floor(Date.now() / 30_000);

test('a second factor takes the password to begin, counts once confirmed, and each code works once', async () => {
  expect(await codeOf(await browser.post('/auth/totp', { password: 'rather dry umbrellas' }))).toEqual([
    401,
    'SIGN_IN_FAILED',
  ]);
  const begun = await browser.post('/auth/totp', { password: PASSWORD });
  const { secret, url } = (await begun.json()) as { secret: string; url: string };
  expect(url).toMatch(/^otpauth:\/\/totp\/OVR-ALPR:anna\?.*secret=[A-Z2-7]{32}/);
  expect(await signIn()).toEqual([200, undefined]);
  const elsewhere = new OwnBrowser(api.url);
  await elsewhere.post('/auth/login', { name: 'anna', password: PASSWORD });
  const wrong = String((Number(showCode(secret, period())) + 1) % 1_000_000).padStart(6, '0');
  expect(await codeOf(await browser.post('/auth/totp/confirm', { code: wrong }))).toEqual([401, 'SIGN_IN_FAILED']);

  const first = showCode(secret, period());
  const confirmed = await browser.post('/auth/totp/confirm', { code: first });
  const { recovery_codes: codes } = (await confirmed.json()) as { recovery_codes: string[] };
  expect([codes.length, new Set(codes).size]).toEqual([10, 10]);
  expect([await elsewhere.me(), await browser.me()]).toEqual([null, expect.objectContaining({ second_factor: true })]);

  expect(await signIn()).toEqual([401, 'SECOND_FACTOR_REQUIRED']);
  expect(await signIn(first)).toEqual([401, 'SIGN_IN_FAILED']);
  const next = showCode(secret, period() + 1);
  const both = await Promise.all([signIn(next), signIn(next)]);
  expect(both.map(([status]) => status).toSorted()).toEqual([200, 401]);

  const [recovery = ''] = codes;
  expect(await signIn(recovery.toUpperCase().replaceAll('-', ' '))).toEqual([200, undefined]);
  expect(await signIn(recovery)).toEqual([401, 'SIGN_IN_FAILED']);
  const rows = await back.sql.query('SELECT to_jsonb(a)::text AS a FROM user_accounts a');
  const kept = await back.sql.query('SELECT to_jsonb(c)::text AS c FROM account_recovery_codes c');
  expect(kept).toHaveLength(9);
  expect(JSON.stringify([rows, kept])).not.toMatch(new RegExp([secret, ...codes].join('|'), 'i'));
});

test('codes are not guessed: after five the account waits, and the password alone tells nothing more', async () => {
  await back.sql.query('DELETE FROM sign_in_attempts');
  const guesses: number[] = [];
  for (let guess = 0; guess < 6; guess += 1) {
    await back.sql.query('UPDATE sign_in_attempts SET not_before = now() WHERE failures < 5');
    guesses.push((await signIn(`00000${guess}`))[0]);
  }
  expect(guesses).toEqual([401, 401, 401, 401, 401, 429]);
});

test('where it is required, nothing else may be done before it is added', async () => {
  const passwordHash = await new Passwords(makeAccounts().password).hash(PASSWORD);
  await createAccount(back.sql, { name: 'clara', role: 'admin', passwordHash });
  await using strict = await back.open({ port: 0 }, undefined, makeAccounts({ second_factor: 'required' }));
  const clara = new OwnBrowser(strict.url);
  await clara.post('/auth/login', { name: 'clara', password: PASSWORD });
  expect(await clara.me()).toMatchObject({ permissions: [], must_add_second_factor: true });
  expect(await codeOf(await clara.get('/events/recent'))).toEqual([403, 'FORBIDDEN']);
  const { secret } = (await (await clara.post('/auth/totp', { password: PASSWORD })).json()) as { secret: string };
  expect((await clara.post('/auth/totp/confirm', { code: showCode(secret, period()) })).status).toBe(200);
  expect(await clara.me()).toMatchObject({ must_add_second_factor: false });
  expect((await clara.get('/events/recent')).status).toBe(200);
});

test('it is switched off with the password', async () => {
  await back.sql.query('DELETE FROM sign_in_attempts');
  expect(await codeOf(await browser.ask('DELETE', '/auth/totp', { password: 'rather dry umbrellas' }))).toEqual([
    401,
    'SIGN_IN_FAILED',
  ]);
  expect((await browser.ask('DELETE', '/auth/totp', { password: PASSWORD })).status).toBe(204);
  expect(await signIn()).toEqual([200, undefined]);
});
