import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../../src/api/server.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';
import { makeAccounts, OwnBrowser } from './own-browser.ts';

const SECRET = 'a secret of at least thirty-two characters';

let back: BackEnd;
let api: Api;
let provider: Server;
let issuer: string;
/** What the provider knows of each who signs in there. */
const people = new Map<string, { preferred_username: string; groups: string[] }>();

beforeAll(async () => {
  back = await openBackEnd();
  provider = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => provider.once('listening', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  const oidc = {
    name: 'City',
    issuer,
    client_id: 'alpr',
    client_secret: SECRET,
    role_claim: 'groups',
    roles: { 'alpr-admins': 'admin', 'alpr-guards': 'operator' },
  };
  api = await back.open({ port: 0 }, undefined, makeAccounts({ oidc }));
  const it = new Provider(issuer, {
    clients: [{ client_id: 'alpr', client_secret: SECRET, redirect_uris: [`${api.url}/auth/oidc/callback`] }],
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ['one key'] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...people.get(sub) }) }),
  });
  provider.on('request', it.callback());
  await createAccount(back.sql, { name: 'root', role: 'admin' });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await back[Symbol.asyncDispose]();
  provider.closeAllConnections();
  provider.close();
});

/** Signs in at the provider's own pages, and returns the address with which it sends the browser back. */
async function goThrough(start: string, login: string): Promise<string> {
  const there = new OwnBrowser(issuer, { origin: '' });
  let address = new URL(start);
  for (let step = 0; step < 12; step += 1) {
    if (address.origin !== issuer) return address.href;
    const page = await there.get(address.pathname + address.search);
    const next = page.headers.get('location');
    if (next) address = new URL(next, address);
    else {
      const form = /action="([^"]+)"[\s\S]*?name="prompt" value="(\w+)"/.exec(await page.text());
      const fields = new URLSearchParams({ prompt: form?.[2] ?? '', login, password: 'x' });
      const sent = await there.post(new URL(form?.[1] ?? '', address).pathname, fields);
      address = new URL(sent.headers.get('location') ?? '', address);
    }
  }
  throw new Error('expected to come back');
}

async function signIn(login: string): Promise<readonly [OwnBrowser, string | null]> {
  const browser = new OwnBrowser(api.url);
  const sent = await browser.get('/auth/oidc');
  const returned = new URL(await goThrough(sent.headers.get('location') ?? '', login));
  const arrived = await browser.ask('GET', returned.pathname + returned.search, undefined, {
    'sec-fetch-site': 'cross-site',
  });
  return [browser, arrived.headers.get('location')];
}

test('the page learns that there is a provider, and is sent there with PKCE, state and nonce', async () => {
  const browser = new OwnBrowser(api.url);
  expect(await (await browser.get('/auth/ways')).json()).toMatchObject({ oidc: 'City' });
  const sent = new URL((await browser.get('/auth/oidc')).headers.get('location') ?? '');
  const { code_challenge_method, response_type, state, nonce } = Object.fromEntries(sent.searchParams);
  expect([code_challenge_method, response_type]).toEqual(['S256', 'code']);
  expect(Math.min(state?.length ?? 0, nonce?.length ?? 0)).toBeGreaterThan(20);
  expect(browser.set.get('alpr-oidc')).toMatch(/HttpOnly; SameSite=Lax/);
});

test('who comes back for the first time gets an account with the role of the claim, and the next time its new role', async () => {
  people.set('1001', { preferred_username: 'ben', groups: ['others', 'alpr-guards'] });
  const [browser, arrived] = await signIn('1001');
  expect(arrived).toBe('/');
  expect(await browser.me()).toMatchObject({ name: 'ben', role: 'operator', has_password: false });
  people.set('1001', { preferred_username: 'benjamin', groups: ['alpr-admins'] });
  const [again] = await signIn('1001');
  expect(await again.me()).toMatchObject({ name: 'ben', role: 'admin' });
  expect(await browser.me()).toBeNull();
});

test('who has no role, or the name of somebody else, is sent back with the reason', async () => {
  people.set('1002', { preferred_username: 'carl', groups: [] });
  people.set('1003', { preferred_username: 'ROOT', groups: ['alpr-admins'] });
  const results = [await signIn('1002'), await signIn('1003')];
  expect(results.map(([, arrived]) => arrived)).toEqual(['/#sign-in=FORBIDDEN', '/#sign-in=CONFLICT']);
  for (const [browser] of results) expect(await browser.me()).toBeNull();
});

test('an answer that this browser did not ask for, or that comes twice, signs nobody in', async () => {
  people.set('1004', { preferred_username: 'dora', groups: ['alpr-guards'] });
  const [victim, thief] = [new OwnBrowser(api.url), new OwnBrowser(api.url)];
  const start = (await thief.get('/auth/oidc')).headers.get('location') ?? '';
  const returned = new URL(await goThrough(start, '1004'));
  const path = returned.pathname + returned.search;
  expect((await victim.get(path)).headers.get('location')).toBe('/#sign-in=SIGN_IN_FAILED');
  await victim.get('/auth/oidc');
  expect((await victim.get(path)).headers.get('location')).toBe('/#sign-in=SIGN_IN_FAILED');
  const flow = thief.cookies.get('alpr-oidc') ?? '';
  expect((await thief.get(path)).headers.get('location')).toBe('/');
  thief.cookies.set('alpr-oidc', flow);
  expect((await thief.get(path)).headers.get('location')).toBe('/#sign-in=SIGN_IN_FAILED');
});
