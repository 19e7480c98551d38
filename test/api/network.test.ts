import { once } from 'node:events';
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Passwords } from '../../src/identity/passwords.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { callAlpr } from '../commands/run-alpr.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';
import { codeOf, makeAccounts, OwnBrowser, PASSWORD } from './own-browser.ts';

let back: BackEnd;
let printed: string;

beforeAll(async () => {
  back = await openBackEnd();
  const passwordHash = await new Passwords(makeAccounts().password).hash(PASSWORD);
  await createAccount(back.sql, { name: 'anna', role: 'viewer', passwordHash });
  for (const name of ['first', 'second']) {
    const made = await callAlpr(back.folder, [
      'tls',
      'create',
      'alpr.lan',
      '127.0.0.1',
      '--set',
      `data=${join(back.folder, name)}`,
    ]);
    printed = made.out;
    expect([made.code, made.err]).toEqual([0, '']);
  }
}, 60_000);
afterAll(() => back[Symbol.asyncDispose]());

type Answer = Readonly<{
  status: number;
  headers: Readonly<Record<string, unknown>>;
  fingerprint: string;
  reused: boolean;
}>;

/** Asks without a check of the certificate, which is told instead. */
function ask(url: string, options: Readonly<{ headers?: object; agent?: Agent; body?: object }> = {}): Promise<Answer> {
  const { headers, agent, body } = options;
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      method: body ? 'POST' : 'GET',
      headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      rejectUnauthorized: false,
      agent: agent ?? false,
    });
    let fingerprint = '';
    asked.on('socket', (socket) => {
      const look = () => {
        fingerprint = (socket as ReturnType<typeof connect>).getPeerCertificate().fingerprint256;
      };
      if (socket.connecting) socket.once('secureConnect', look);
      else look();
    });
    asked.on('response', (response) => {
      response.resume().on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          fingerprint,
          reused: asked.reusedSocket,
        }),
      );
    });
    asked.on('error', reject);
    asked.end(body && JSON.stringify(body));
  });
}

type Plain = Readonly<{ port: number; headers: Record<string, string>; path?: string }>;

/** The status of an unencrypted answer under any Host, which `fetch` does not send. */
async function get({ port, headers, path = '/auth/ways' }: Plain): Promise<number | undefined> {
  const asked = httpRequest({ port, host: '127.0.0.1', path, headers }).end();
  const [response] = await once(asked, 'response');
  response.resume();
  return response.statusCode;
}

describe('With a certificate of alpr tls create', () => {
  test('the key is for its owner alone, an existing one stays, and the output has what must be compared', async () => {
    const key = join(back.folder, 'second/tls/key.pem');
    expect((await stat(key)).mode & 0o777).toBe(0o600);
    const again = await callAlpr(back.folder, [
      'tls',
      'create',
      'alpr.lan',
      '--set',
      `data=${join(back.folder, 'second')}`,
    ]);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('--force')]);
    expect(printed).toMatch(/Fingerprint: (?:[0-9A-F]{2}:){31}[0-9A-F]{2} \(SHA-256\)/);
    expect(printed).toContain('allowed_hosts: [alpr.lan]');
  });

  test('the API answers a network by HTTPS alone, with HSTS and cookies for nobody else', async () => {
    const tls = { cert: 'first/tls/cert.pem', key: 'first/tls/key.pem' };
    await using api = await back.open(
      { port: 0, host: '0.0.0.0', tls, allowed_hosts: ['alpr.lan'] },
      undefined,
      makeAccounts(),
    );
    const { port } = new URL(api.url);
    const url = `https://127.0.0.1:${port}`;
    const host = `alpr.lan:${port}`;
    const own = { host, origin: `https://${host}`, 'x-requested-with': 'alpr' };
    const signedIn = await ask(`${url}/auth/login`, { headers: own, body: { name: 'anna', password: PASSWORD } });
    expect([signedIn.status, signedIn.headers['strict-transport-security']]).toEqual([
      200,
      'max-age=31536000; includeSubDomains',
    ]);
    expect(String(signedIn.headers['set-cookie'])).toMatch(
      /^__Host-alpr-session=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Strict,__Host-alpr-device=/,
    );
    const statuses = [];
    for (const name of ['192.168.1.20', 'evil.example']) {
      statuses.push((await ask(`${url}/auth/ways`, { headers: { host: name } })).status);
    }
    expect(statuses).toEqual([200, 400]);
    const socket = connect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false, maxVersion: 'TLSv1.1' });
    await expect(once(socket, 'secureConnect')).rejects.toThrow(/protocol version|unsupported|no protocols/i);
  });

  test('a renewed one is served without a restart, and open connections go on', async () => {
    const live = join(back.folder, 'tls');
    const take = async (name: string) => {
      for (const file of ['cert.pem', 'key.pem'])
        await copyFile(join(back.folder, name, 'tls', file), join(live, file));
    };
    await mkdir(live);
    await take('first');
    await using api = await back.open({ port: 0, tls: {} });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = await ask(`${api.url}/auth/ways`, { agent });
    await take('second');
    await expect
      .poll(async () => (await ask(`${api.url}/auth/ways`)).fingerprint, { timeout: 10_000, interval: 200 })
      .not.toBe(before.fingerprint);
    const kept = await ask(`${api.url}/auth/ways`, { agent });
    expect([kept.status, kept.reused, kept.fingerprint]).toEqual([200, true, before.fingerprint]);
    agent.destroy();
  }, 20_000);
});

test('files that are missing or do not belong together keep the API from starting', async () => {
  const missing = back.open({ port: 0, tls: { cert: 'nowhere.pem' }, host: '0.0.0.0' });
  await expect(missing).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('alpr tls create'),
  });
  const mixed = back.open({ port: 0, tls: { cert: 'first/tls/cert.pem', key: 'second/tls/key.pem' } });
  await expect(mixed).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('server.tls') });
});

test('behind a named proxy its word counts, and a client cannot speak for one', async () => {
  const config = { port: 0, host: '0.0.0.0', public_url: 'https://alpr.example' };
  const forwarded = { 'x-forwarded-host': 'alpr.example', 'x-forwarded-for': '203.0.113.9' };
  await using behind = await back.open({ ...config, trusted_proxies: ['127.0.0.1'] }, undefined, makeAccounts());
  const url = behind.url.replace('0.0.0.0', '127.0.0.1');
  const browser = new OwnBrowser(url, { ...forwarded, 'x-forwarded-proto': 'https', origin: 'https://alpr.example' });
  expect((await browser.post('/auth/login', { name: 'anna', password: PASSWORD })).status).toBe(200);
  expect(browser.set.get('__Host-alpr-session')).toContain('; Secure;');
  const listed = (await (await browser.get('/auth/sessions')).json()) as { sessions: { address: string }[] };
  expect(listed.sessions[0]?.address).toBe('203.0.113.9');
  const plain = await fetch(`${url}/auth/ways`, { headers: { ...forwarded, 'x-forwarded-proto': 'http' } });
  expect(await codeOf(plain)).toEqual([403, 'FORBIDDEN']);

  await using other = await back.open({ ...config, trusted_proxies: ['10.0.0.0/8'] });
  const port = Number(new URL(other.url).port);
  const headers = { ...forwarded, 'x-forwarded-proto': 'https', host: 'alpr.example' };
  expect(await get({ port, headers })).toBe(403);
});

test('in a container published on the loopback address of its host, that name alone is answered unencrypted', async () => {
  await using api = await back.open({ port: 0, host: '0.0.0.0', published_on_loopback: true });
  const port = Number(new URL(api.url).port);
  const statuses = ['localhost:8000', '127.0.0.1:8000', '192.168.1.20:8000', 'evil.example'].map((host) =>
    get({ port, headers: { host } }),
  );
  expect(await Promise.all(statuses)).toEqual([200, 200, 403, 400]);
  expect(await get({ port, headers: { host: '10.1.2.3:8000' }, path: '/health' })).toBe(200);
});

test('who asks too often waits', async () => {
  await using api = await back.open({ port: 0, requests_per_minute: 10 });
  const ask = async () => fetch(`${api.url}/cameras`, { headers: { authorization: back.authorization } });
  const answers = await Promise.all(Array.from({ length: 12 }, ask));
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
  const refused = answers.find(({ status }) => status === 429);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(50);
  expect((await fetch(`${api.url}/auth/ways`)).status).toBe(200);
});
