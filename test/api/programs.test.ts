import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Api } from '../../src/api/server.ts';
import { type Granted, grantedSchema } from '../../src/contract/api/auth.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';
import { Passwords } from '../../src/identity/passwords.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';
import { codeOf, makeAccounts, PASSWORD } from './own-browser.ts';

let back: BackEnd;
let api: Api;

beforeAll(async () => {
  back = await openBackEnd();
  api = await back.open({ port: 0 }, undefined, makeAccounts());
  const passwordHash = await new Passwords(makeAccounts().password).hash(PASSWORD);
  await createAccount(back.sql, { name: 'anna', role: 'viewer', passwordHash });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await back[Symbol.asyncDispose]();
});

const grant = (body: object) =>
  fetch(`${api.url}/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const signIn = async (): Promise<Granted> =>
  grantedSchema.parse(await (await grant({ grant_type: 'password', name: 'anna', password: PASSWORD })).json());
const refresh = (refresh_token: string) => grant({ grant_type: 'refresh_token', refresh_token });
const ask = async (token: string, path = '/events/recent') =>
  (await fetch(api.url + path, { headers: { authorization: `Bearer ${token}` } })).status;

describe('A program', () => {
  test('gets a token for ten minutes that does what its person may, and ends with their session', async () => {
    const { access_token, expires_in } = await signIn();
    const { iat = 0, exp, sub, sid } = decodeJwt(access_token);
    expect([expires_in, exp]).toEqual([600, iat + 600]);
    expect(decodeProtectedHeader(access_token)).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' });
    expect([await ask(access_token), await ask(access_token, '/metrics')]).toEqual([200, 403]);
    const [account] = await back.sql.query("SELECT id FROM user_accounts WHERE name = 'anna'");
    expect(account).toEqual({ id: sub });
    const headers = { authorization: `Bearer ${access_token}` };
    expect((await fetch(`${api.url}/auth/sessions/${sid}`, { method: 'DELETE', headers })).status).toBe(204);
    expect(await ask(access_token)).toBe(401);
  });

  test('is refused with a token that is over, changed, unsigned or signed by somebody else', async () => {
    const { access_token } = await signIn();
    const [head = '', body = '', signature = ''] = access_token.split('.');
    const { kid = '' } = decodeProtectedHeader(access_token);
    const payload = decodeJwt(access_token);
    const { privateKey } = generateKeyPairSync('ed25519');
    const header = { alg: 'EdDSA', typ: 'at+jwt', kid };
    const [stored] = await back.sql.query<{ private_key: Uint8Array }>(
      'SELECT private_key FROM token_signing_keys WHERE kid = $1',
      [kid],
    );
    const keyFile = await openKeyFile(`${back.folder}/sign-in.key`);
    const own = createPrivateKey({
      key: keyFile.unseal(stored?.private_key ?? Buffer.of()),
      format: 'der',
      type: 'pkcs8',
    });
    const sign = (changed: object, key = own) =>
      new SignJWT({ ...payload, ...changed }).setProtectedHeader(header).sign(key);
    expect(await ask(await sign({}))).toBe(200);
    const forged = [
      await sign({ exp: Math.floor(Date.now() / 1000) - 1 }),
      await sign({ aud: 'another program' }),
      await sign({}, privateKey),
      `${head}.${body}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
      new UnsecuredJWT(payload).encode(),
      `${Buffer.from(JSON.stringify({ ...header, alg: 'HS256' })).toString('base64url')}.${body}.${signature}`,
      'a.b.c',
    ];
    expect(await Promise.all(forged.map((token) => ask(token)))).toEqual(forged.map(() => 401));
  });

  test('goes on with a refresh token that works once', async () => {
    const first = await signIn();
    const second = grantedSchema.parse(await (await refresh(first.refresh_token)).json());
    expect(await ask(second.access_token)).toBe(200);
    const third = grantedSchema.parse(await (await refresh(second.refresh_token)).json());
    // Somebody has a copy: nobody goes on.
    expect(await codeOf(await refresh(first.refresh_token))).toEqual([401, 'SIGN_IN_FAILED']);
    expect([(await refresh(third.refresh_token)).status, await ask(third.access_token)]).toEqual([401, 401]);
  });

  test('that shows one refresh token twenty times at once succeeds once, and its session is over', async () => {
    const { refresh_token } = await signIn();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const won = grantedSchema.parse(await answers.find(({ ok }) => ok)?.json());
    expect([(await refresh(won.refresh_token)).status, await ask(won.access_token)]).toEqual([401, 401]);
  });

  test('needs neither an origin nor a cookie, and a cookie is no token', async () => {
    const { access_token } = await signIn();
    const headers = { authorization: `Bearer ${access_token}`, origin: 'https://elsewhere.example' };
    expect((await fetch(`${api.url}/auth/logout`, { method: 'POST', headers })).status).toBe(204);
    expect(await ask(access_token)).toBe(401);
  });
});

describe('The keys of tokens', () => {
  test('change after a month; what the last one signed is believed for a day', async () => {
    const { access_token } = await signIn();
    await back.sql.query("UPDATE token_signing_keys SET created_at = created_at - interval '30 days 1 hour'");
    await using again = await back.open({ port: 0 }, undefined, makeAccounts());
    const asked = await fetch(`${again.url}/auth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'password', name: 'anna', password: PASSWORD }),
    });
    const fresh = grantedSchema.parse(await asked.json()).access_token;
    expect(decodeProtectedHeader(fresh).kid).not.toBe(decodeProtectedHeader(access_token).kid);
    expect([await ask(access_token), await ask(fresh)]).toEqual([200, 200]);
  });

  test('are in the database as what the key file alone opens', async () => {
    const rows = await back.sql.query<{ private_key: Uint8Array }>('SELECT private_key FROM token_signing_keys');
    expect(rows.length).toBeGreaterThan(0);
    for (const { private_key } of rows) {
      expect(() => createPrivateKey({ key: Buffer.from(private_key), format: 'der', type: 'pkcs8' })).toThrow();
    }
    const other = await openKeyFile(`${back.folder}/another.key`);
    expect(() => other.unseal(rows[0]?.private_key ?? Buffer.of())).toThrow(/put the file back/);
  });
});
