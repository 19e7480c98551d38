import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Api } from '../../src/api/server.ts';
import { accountsConfigSchema } from '../../src/identity/config.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';
import { codeOf, makeAccounts, OwnBrowser, PASSWORD } from './own-browser.ts';

let back: BackEnd;
let api: Api;

beforeAll(async () => {
  back = await openBackEnd();
  api = await back.open({ port: 0 }, undefined, makeAccounts());
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await back[Symbol.asyncDispose]();
});

const browse = (headers?: Record<string, string>) => new OwnBrowser(api.url, headers);
const signIn = async (browser: OwnBrowser, name = 'anna', password = PASSWORD) =>
  codeOf(await browser.post('/auth/login', { name, password }));

describe('Before the first account', () => {
  test('every address says how to get in', async () => {
    const refused = await browse().get('/events/recent');
    const problem = (await refused.json()) as { code: string; message: string };
    expect([refused.status, problem.code]).toEqual([401, 'SIGN_IN']);
    expect(problem.message).toMatch(/one-time link.*alpr users add/);
    expect(await (await browse().get('/auth/ways')).json()).toEqual({ set_up: false, oidc: null, password_min: 12 });
  });

  test('the link is refused with a weak password, lets one of two in as administrator, and nobody after', async () => {
    const [address = '', token = ''] = api.setUpLink?.split('#token=') ?? [];
    expect(address).toBe(`${api.url}/setup`);
    const choose = (browser: OwnBrowser, password: string) =>
      browser.post('/auth/setup', { token, name: 'anna', password });
    for (const weak of ['short', 'aaaaaaaaaaaaaaaa', '123456qwerty', 'anna anna anna']) {
      expect(await codeOf(await choose(browse(), weak))).toEqual([422, 'PASSWORD_REFUSED']);
    }
    const both = [browse(), browse()];
    const answers = await Promise.all(both.map((browser) => choose(browser, PASSWORD)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    const first = both[answers.findIndex(({ ok }) => ok)];
    expect(await first?.me()).toMatchObject({ name: 'anna', role: 'admin', second_factor: false });
    expect(await codeOf(await choose(browse(), PASSWORD))).toEqual([401, 'SIGN_IN_FAILED']);
    expect(await (await browse().get('/auth/ways')).json()).toMatchObject({ set_up: true });
  });
});

describe('Somebody who signs in', () => {
  test('gets a cookie that scripts and other sites do not, and the database not even that', async () => {
    const browser = browse();
    expect(await signIn(browser)).toEqual([200, undefined]);
    expect(browser.set.get('alpr-session')).toMatch(/; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await browser.get('/events/recent')).status).toBe(200);
    const secret = browser.cookies.get('alpr-session') ?? '';
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    const rows = await back.sql.query<{ row: string }>('SELECT to_jsonb(s)::text AS row FROM account_sessions s');
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test('is told the same whether the name or the password is wrong', async () => {
    const answers = [];
    for (const name of ['anna', 'nobody']) {
      answers.push(await (await browse().post('/auth/login', { name, password: 'rather dry umbrellas' })).json());
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 401, code: 'SIGN_IN_FAILED' });
  });

  test('has a new session each time, and none after signing out', async () => {
    const browser = browse();
    await signIn(browser);
    const first = browser.cookies.get('alpr-session') ?? '';
    await signIn(browser);
    const second = browser.cookies.get('alpr-session') ?? '';
    const out = await browser.post('/auth/logout');
    expect([out.status, out.headers.get('clear-site-data')]).toEqual([204, '"cache"']);
    expect(browser.cookies.has('alpr-session')).toBe(false);
    for (const secret of [first, second]) {
      browser.cookies.set('alpr-session', secret);
      expect(await browser.me()).toBeNull();
    }
  });

  test.each([
    ['unused for as long as sessions may idle', 'last_used_at', '721 minutes'],
    ['older than any session may be', 'created_at', '721 hours'],
  ])('is out again when the session is %s', async (_when, column, ago) => {
    const browser = browse();
    await signIn(browser);
    await back.sql.query(
      `UPDATE account_sessions SET ${column} = now() - $1::interval,
      expires_at = expires_at - (CASE WHEN $2 THEN $1::interval ELSE '0' END)`,
      [ago, column === 'created_at'],
    );
    expect(await codeOf(await browser.get('/events/recent'))).toEqual([401, 'SIGN_IN']);
  });

  test('sees every place where they are signed in, and ends one of them', async () => {
    const [desk, phone] = [browse({ 'user-agent': 'Desk' }), browse({ 'user-agent': 'Phone' })];
    await signIn(desk);
    await signIn(phone);
    const listed = (await (await desk.get('/auth/sessions')).json()) as {
      sessions: { id: string; user_agent: string; current: boolean; address: string }[];
    };
    const own = listed.sessions.filter(({ current }) => current);
    expect(own).toEqual([expect.objectContaining({ user_agent: 'Desk', kind: 'page', address: '127.0.0.1' })]);
    const other = listed.sessions.find(({ user_agent }) => user_agent === 'Phone')?.id;
    expect((await desk.ask('DELETE', `/auth/sessions/${other}`)).status).toBe(204);
    expect([await phone.me(), (await desk.me())?.name]).toEqual([null, 'anna']);
    expect(await codeOf(await desk.ask('DELETE', `/auth/sessions/${other}`))).toEqual([404, 'NOT_FOUND']);
  });

  test('changes language and time zone, of those that there are', async () => {
    const browser = browse();
    await signIn(browser);
    await browser.ask('PATCH', '/auth/me', { language: 'de', time_zone: 'Europe/Berlin' });
    await browser.ask('PATCH', '/auth/me', { time_zone: null });
    expect(await browser.me()).toMatchObject({ language: 'de', time_zone: null });
    expect((await browser.ask('PATCH', '/auth/me', { time_zone: 'Moon/Base' })).status).toBe(400);
  });

  test('changes the password with the old one, and every other session ends', async () => {
    const [desk, phone] = [browse(), browse()];
    await signIn(desk);
    await signIn(phone);
    const before = desk.cookies.get('alpr-session');
    const change = (old: string, to: string) => desk.post('/auth/password', { old, new: to });
    expect(await codeOf(await change('rather dry umbrellas', 'quite new umbrellas'))).toEqual([401, 'SIGN_IN_FAILED']);
    expect(await codeOf(await change(PASSWORD, '1qaz2wsx3edc'))).toEqual([422, 'PASSWORD_REFUSED']);
    expect((await change(PASSWORD, 'quite new umbrellas')).status).toBe(204);
    expect([await phone.me(), (await desk.me())?.name]).toEqual([null, 'anna']);
    expect(desk.cookies.get('alpr-session')).not.toBe(before);
    expect((await change('quite new umbrellas', PASSWORD)).status).toBe(204);
  });

  test('is out within seconds when disabled', async () => {
    const browser = browse();
    await createAccount(back.sql, { name: 'ben', role: 'viewer', passwordHash: await hashOf('anna') });
    await signIn(browser, 'ben');
    expect(await browser.me()).toMatchObject({ name: 'ben', role: 'viewer' });
    await back.sql.query("UPDATE user_accounts SET disabled_at = now() WHERE name = 'ben'");
    await expect.poll(() => browser.me(), { timeout: 8000, interval: 500 }).toBeNull();
    expect(await signIn(browser, 'ben')).toEqual([401, 'SIGN_IN_FAILED']);
  });

  test('has the hash renewed when hashing became dearer', async () => {
    const before = await hashOf('anna');
    await using dearer = await back.open(
      { port: 0 },
      undefined,
      accountsConfigSchema.parse({ password: { memory_kib: 7168 } }),
    );
    expect(await signIn(new OwnBrowser(dearer.url))).toEqual([200, undefined]);
    const after = await hashOf('anna');
    expect([before, after].map((hash) => hash.split('$')[3])).toEqual(['m=512,t=1,p=1', 'm=7168,t=2,p=1']);
    expect(await signIn(browse())).toEqual([200, undefined]);
  });
});

describe('A page of somebody else', () => {
  test.each([
    ['from another origin', { origin: 'https://evil.example' }],
    ['from another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['without an origin', { origin: '' }],
    ['without our header', { 'x-requested-with': '' }],
  ])('can change nothing with the cookie %s', async (_how, headers) => {
    const browser = browse();
    await signIn(browser);
    expect(await codeOf(await browser.post('/auth/logout', undefined, headers))).toEqual([403, 'FORBIDDEN']);
    expect((await browser.me())?.name).toBe('anna');
    const login = await browser.post('/auth/login', { name: 'anna', password: PASSWORD }, headers);
    expect(await codeOf(login)).toEqual([403, 'FORBIDDEN']);
  });

  test('may ask with a token where it is on the list, and never with a cookie', async () => {
    const listed = { origin: 'https://wall.example' };
    await using open = await back.open({ port: 0, cors_origins: [listed.origin] });
    const allowed = await fetch(`${open.url}/events/recent`, {
      headers: { ...listed, authorization: back.authorization },
    });
    expect(allowed.headers.get('access-control-allow-origin')).toBe(listed.origin);
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    const other = await fetch(`${open.url}/events/recent`, { headers: { origin: 'https://evil.example' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    const closed = await fetch(`${api.url}/events/recent`, { headers: listed });
    expect(closed.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('What is done', () => {
  test('to get in and out is in the audit, without what opens anything', async () => {
    const browser = browse();
    // A password in the wrong field.
    await signIn(browser, PASSWORD, 'anna');
    await signIn(browser, 'anna', 'rather dry umbrellas');
    await signIn(browser);
    await browser.post('/auth/logout');
    const rows = await back.sql.query<{
      entry: Record<string, unknown> & { who?: { name: string }; query?: { name?: string } };
    }>('SELECT entry FROM audit_entries ORDER BY at DESC LIMIT 4');
    const told = rows.map(({ entry }) => [entry.action, entry.status, entry.who?.name, entry.query?.name]).toReversed();
    expect(told).toEqual([
      ['refuse', 401, undefined, undefined],
      ['refuse', 401, undefined, 'anna'],
      ['sign-in', 200, 'anna', 'anna'],
      ['sign-out', 204, 'anna', undefined],
    ]);
    expect(JSON.stringify(rows)).not.toContain('umbrellas');
  });
});

async function hashOf(name: string): Promise<string> {
  const [row] = await back.sql.query<{ password_hash: string }>(
    'SELECT password_hash FROM user_accounts WHERE name = $1',
    [name],
  );
  return row?.password_hash ?? '';
}
