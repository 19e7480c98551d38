import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PERMISSIONS, type Permission, type Role, type Scope } from '../../src/contract/access.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { startSession } from '../../src/store/sign-in/sessions.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

const ALL = Object.keys(PERMISSIONS) as Permission[];
const YARD: Scope = { cameras: ['gate'], sites: ['yard'] };
let back: BackEnd;

beforeAll(async () => {
  back = await openBackEnd();
});
afterAll(() => back[Symbol.asyncDispose]());

async function bearer(permissions: readonly Permission[], scope?: Scope): Promise<string> {
  return `Bearer ${(await createApiToken(back.sql, { name: 'asks', permissions, scope })).secret}`;
}

async function send(method: string, address: string, body: object | undefined, authorization = back.authorization) {
  const headers = {
    authorization,
    origin: back.url,
    'x-requested-with': 'alpr',
    ...(body && { 'content-type': 'application/json' }),
  };
  const response = await fetch(back.url + address, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** Somebody who has a password and is signed in at a page. */
async function signIn(name: string, role: Role, scope?: Scope) {
  const account = await createAccount(back.sql, { name, role, scope, passwordHash: 'none that fits' });
  const lifetimes = { idle_minutes: 60, max_hours: 1 };
  const { secret } = await startSession(back.sql, { account, kind: 'page', address: '::1', userAgent: '', lifetimes });
  const look = async () =>
    (await fetch(`${back.url}/events/recent`, { headers: { cookie: `alpr-session=${secret}` } })).status;
  return { id: account, look };
}

describe('People', () => {
  test('are added with a link to a password of their own, which works once', async () => {
    const added = await send('POST', '/people', { name: 'Anna', role: 'operator', scope: YARD });
    expect(added.status).toBe(201);
    expect(added.body.person).toMatchObject({ name: 'Anna', role: 'operator', scope: YARD, has_password: false });
    const token = new URLSearchParams(added.body.link.split('#')[1]).get('token');
    const chosen = { token, password: 'seven wild geese' };
    expect((await send('POST', '/auth/setup', chosen)).status).toBeLessThan(300);
    expect((await send('POST', '/auth/setup', { ...chosen, password: 'eight wild geese' })).status).toBeGreaterThan(
      399,
    );
    const login = await send('POST', '/auth/token', {
      grant_type: 'password',
      name: 'anna',
      password: chosen.password,
    });
    expect(login.status).toBe(200);
    expect((await send('POST', '/people', { name: 'ANNA', role: 'viewer' })).status).toBe(409);
  });

  test('have names that nobody can take for those of others', async () => {
    const add = (name: string) => send('POST', '/people', { name, role: 'viewer', scope: YARD });
    expect((await add('Marta')).status).toBe(201);
    // Full width, and a Cyrillic а among Latin letters.
    expect((await add('\uff2darta')).status).toBe(409);
    const mixed = await add('M\u0430rta');
    expect([mixed.status, mixed.body.message]).toEqual([400, expect.stringContaining('Latin, Greek or Cyrillic')]);
    expect((await add('Марта')).status).toBe(201);
    // Each letter is Cyrillic, and together they look like Latin ones.
    expect((await add('Coco')).status).toBe(201);
    const alike = await add('\u0421\u043e\u0441\u043e');
    expect([alike.status, alike.body.message]).toEqual([409, expect.stringContaining('takes for Coco')]);
  });

  test('who are changed, disabled or reset feel it at once', async () => {
    const { id, look } = await signIn('Ben', 'viewer');
    expect(await look()).toBe(200);
    expect((await send('PATCH', `/people/${id}`, { role: 'auditor' })).body).toMatchObject({ role: 'auditor' });
    expect(await look()).toBe(403);
    await send('PATCH', `/people/${id}`, { role: 'viewer', scope: YARD });
    expect(await look()).toBe(200);
    expect((await send('PATCH', `/people/${id}`, { scope: null })).body).toMatchObject({ scope: null, role: 'viewer' });
    await send('POST', `/people/${id}/reset`, {});
    expect(await look()).toBe(401);
    const disabled = await send('PATCH', `/people/${id}`, { disabled: true });
    expect(disabled.body.disabled_at).toEqual(expect.any(String));
    const { people } = (await send('GET', '/people', undefined)).body;
    expect(people.map(({ name }: { name: string }) => name)).toEqual(['Anna', 'Ben', 'Coco', 'Marta', 'Марта']);
  });

  test('keep one administrator of everything who can sign in, whatever is tried, also by two at once', async () => {
    const [first, second] = [await signIn('Cara', 'admin'), await signIn('Dora', 'admin')];
    // Nobody has chosen a password for this one yet.
    await send('POST', '/people', { name: 'Erik', role: 'admin' });
    const both = await Promise.all([first, second].map(({ id }) => send('PATCH', `/people/${id}`, { role: 'viewer' })));
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const last = both[0]?.status === 409 ? first : second;
    for (const change of [{ disabled: true }, { role: 'operator' }, { scope: YARD }]) {
      expect((await send('PATCH', `/people/${last.id}`, change)).status).toBe(409);
    }
    expect((await send('POST', `/people/${last.id}/reset`, {})).status).toBe(409);
    expect(await last.look()).toBe(200);
  });
});

describe('Nobody', () => {
  const viewer = { name: 'Finn', role: 'viewer', scope: null };
  const token = { name: 'finn', permissions: ['images'], scope: null, expires_at: null };

  test.each([
    ['who may do less gives more', ['people', 'images'], undefined, '/people', { ...viewer, role: 'operator' }],
    ['of one site gives all sites', ALL, YARD, '/people', viewer],
    ['of one site gives another', ALL, YARD, '/people', { ...viewer, scope: { cameras: [], sites: ['vault'] } }],
    ['who may do less makes a token for more', ['people'], undefined, '/tokens', token],
    ['of one site makes a token for all', ALL, YARD, '/tokens', token],
  ] as const)('%s', async (_, permissions, scope, address, body) => {
    const refused = await send('POST', address, body, await bearer(permissions, scope));
    expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN']);
  });

  test('of one site hears of people and tokens of elsewhere, or changes them', async () => {
    const yard = await bearer(ALL, YARD);
    const { id } = (await send('POST', '/people', { ...viewer, name: 'Gwen' })).body.person;
    const everywhere = (await send('POST', '/tokens', token)).body.token.id;
    const inside = (await send('POST', '/tokens', { ...token, scope: { cameras: [], sites: ['yard'] } }, yard)).body
      .token;
    expect(
      (await send('GET', '/people', undefined, yard)).body.people.map(({ scope }: { scope: Scope }) => scope),
    ).toEqual([YARD, YARD, YARD, YARD]);
    const listed = (await send('GET', '/tokens', undefined, yard)).body.tokens.map(({ id }: { id: string }) => id);
    expect(listed).toContain(inside.id);
    expect(listed).not.toContain(everywhere);
    expect((await send('PATCH', `/people/${id}`, { role: 'viewer' }, yard)).status).toBe(404);
    expect((await send('POST', `/people/${id}/reset`, {}, yard)).status).toBe(404);
    expect((await send('POST', `/tokens/${everywhere}/rotate`, {}, yard)).status).toBe(404);
    expect((await send('DELETE', `/tokens/${everywhere}`, undefined, yard)).status).toBe(404);
  });

  test('takes over somebody, or takes over or ends a token, that may do more', async () => {
    const weak = await bearer(['people', 'images', 'events:read']);
    const { id } = await signIn('Hugo', 'operator');
    expect((await send('POST', `/people/${id}/reset`, {}, weak)).status).toBe(403);
    const strong = (await send('POST', '/tokens', { ...token, permissions: ['privacy'] })).body.token.id;
    expect((await send('POST', `/tokens/${strong}/rotate`, {}, weak)).status).toBe(403);
    expect((await send('DELETE', `/tokens/${strong}`, undefined, weak)).status).toBe(403);
  });
});

describe('A token', () => {
  const make = (rest: object) =>
    send('POST', '/tokens', { name: 'prober', permissions: ['events:read'], expires_at: null, ...rest });
  const look = async (secret: string) => (await send('GET', '/cameras', undefined, `Bearer ${secret}`)).status;

  test('is told once, is rotated without a gap, and ends when it is revoked', async () => {
    const { secret, token } = (await make({})).body;
    expect(await look(secret)).toBe(200);
    const rotated = (await send('POST', `/tokens/${token.id}/rotate`, { overlap_s: 3600 })).body;
    expect([await look(secret), await look(rotated.secret)]).toEqual([200, 200]);
    const again = (await send('POST', `/tokens/${token.id}/rotate`, { overlap_s: 0 })).body;
    expect([await look(secret), await look(rotated.secret), await look(again.secret)]).toEqual([401, 401, 200]);
    const { body } = await send('GET', '/tokens', undefined);
    const one = body.tokens.find(({ id }: { id: string }) => id === token.id);
    expect(one.last_used_at).toEqual(expect.any(String));
    expect(JSON.stringify(body)).not.toContain('alpr_');
    expect((await send('DELETE', `/tokens/${token.id}`, undefined)).status).toBe(204);
    expect(await look(again.secret)).toBe(401);
    expect((await send('POST', `/tokens/${token.id}/rotate`, {})).status).toBe(409);
  });

  test('ends by itself', async () => {
    const { secret } = (await make({ expires_at: new Date(Date.now() + 1000).toISOString() })).body;
    expect(await look(secret)).toBe(200);
    await expect.poll(() => look(secret), { timeout: 8000, interval: 200 }).toBe(401);
  });

  test('that asks too much is told when to come again', async () => {
    await using second = await back.open({ port: 0, requests_per_minute: 10 });
    const authorization = await bearer(['events:read']);
    const ask = () => fetch(`${second.url}/cameras`, { headers: { authorization } });
    for (let at = 0; at < 10; at += 1) expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect([refused.status, (await refused.json()).code]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const other = await bearer(['events:read']);
    expect((await fetch(`${second.url}/cameras`, { headers: { authorization: other } })).status).toBe(200);
  });
});
