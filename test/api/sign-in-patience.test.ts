import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../../src/api/server.ts';
import { Passwords } from '../../src/identity/passwords.ts';
import { LONGEST_WAIT_S } from '../../src/identity/turns.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { THOROUGH } from '../thorough.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';
import { codeOf, makeAccounts, OwnBrowser, PASSWORD } from './own-browser.ts';

let back: BackEnd;
let api: Api;

beforeAll(async () => {
  back = await openBackEnd();
  // The test is a proxy, so that it can come from any address.
  const config = { port: 0, trusted_proxies: ['127.0.0.1'], public_url: 'https://alpr.example' };
  api = await back.open(config, undefined, makeAccounts());
  const passwordHash = await new Passwords(makeAccounts().password).hash(PASSWORD);
  await createAccount(back.sql, { name: 'anna', role: 'operator', passwordHash });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await back[Symbol.asyncDispose]();
});

const OWN = { origin: 'https://alpr.example', 'x-forwarded-host': 'alpr.example', 'x-forwarded-proto': 'https' };
let address = 0;
const browse = (from = `2001:db8:${(address++).toString(16)}::1`) =>
  new OwnBrowser(api.url, { ...OWN, 'x-forwarded-for': from });
const signIn = (browser: OwnBrowser, name: string, password: string) => browser.post('/auth/login', { name, password });

test('many who guess make everybody wait but those who were here before, and nobody for long', async () => {
  const known = browse();
  expect((await signIn(known, 'anna', PASSWORD)).status).toBe(200);
  const guess = () => signIn(browse(), 'Anna', 'rather dry umbrellas');
  const guesses = await Promise.all(Array.from({ length: 12 }, guess));
  const statuses = guesses.map(({ status }) => status);
  // Five are free, also when all come at once.
  expect([401, 429].map((status) => statuses.filter((one) => one === status).length)).toEqual([5, 7]);
  const waits = guesses.flatMap(({ headers }) => headers.get('retry-after') ?? []);
  expect(new Set(waits)).toEqual(new Set(['1']));
  expect(await codeOf(await signIn(browse(), 'anna', PASSWORD))).toEqual([429, 'TOO_MANY_REQUESTS']);
  expect((await signIn(known, 'anna', PASSWORD)).status).toBe(200);
  await sleep(1000);
  await expect.poll(async () => (await signIn(browse(), 'anna', PASSWORD)).status, { timeout: 2000 }).toBe(200);
});

test('an account waits a minute at most, whatever is tried, and over a restart', async () => {
  await signIn(browse(), 'clara', 'rather dry umbrellas');
  await back.sql.query('UPDATE sign_in_attempts SET failures = 1000');
  await signIn(browse(), 'clara', 'rather dry umbrellas');
  await using again = await back.open({ port: 0 }, undefined, makeAccounts());
  const refused = await new OwnBrowser(again.url).post('/auth/login', { name: 'clara', password: PASSWORD });
  expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.closeTo(59, -1)]);
});

test('one network that tries many names waits, up to a quarter of an hour', async () => {
  const statuses: number[] = [];
  for (let name = 0; name < 21; name += 1) {
    statuses.push((await signIn(browse(`2001:db8:ffff:1:${name}::1`), `nobody ${name}`, PASSWORD)).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 20 }, () => 401), 429]);
  expect((await signIn(browse('2001:db8:ffff:2::1'), 'nobody', PASSWORD)).status).toBe(401);
  await back.sql.query('UPDATE sign_in_attempts SET failures = 1000, not_before = now()');
  const last = [0, 1].map(() => signIn(browse('2001:db8:ffff:1::1'), 'nobody', PASSWORD));
  const refused = (await Promise.all(last)).find(({ status }) => status === 429);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(880);
});

const CROWD_SIZE = THOROUGH ? 1000 : 200;

/** Signs in so many times at once from a thread of its own, so that only what the server takes is felt. */
const CROWD = `
  const { parentPort, workerData: { url, headers, password, size } } = require('node:worker_threads');
  const signIn = async (index) => {
    const from = { 'x-forwarded-for': '2001:db8:' + index.toString(16) + '::1', 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'nobody ' + index, password });
    const { status, headers: said } = await fetch(url + '/auth/login', { method: 'POST', headers: { ...headers, ...from }, body });
    return { status, wait: said.get('retry-after') };
  };
  Promise.all(Array.from({ length: size }, (_, index) => signIn(index))).then((all) => parentPort.postMessage(all));
`;

type Answered = Readonly<{ status: number; wait: string | null }>;

test('hundreds who sign in at once do not keep others from being answered', async () => {
  const headers = { ...OWN, 'x-requested-with': 'alpr' };
  const crowd = new Worker(CROWD, {
    eval: true,
    workerData: { url: api.url, headers, password: PASSWORD, size: CROWD_SIZE },
  });
  const began = performance.now();
  const answered = once(crowd, 'message');
  const times: number[] = [];
  let isOver = false;
  const others = (async () => {
    while (!isOver) {
      const asked = performance.now();
      const { status } = await fetch(`${api.url}/cameras`, { headers: { ...OWN, authorization: back.authorization } });
      times.push(performance.now() - asked);
      expect(status).toBe(200);
      await sleep(20);
    }
  })();
  const [all] = (await answered) as [readonly Answered[]];
  isOver = true;
  await others;
  // Whoever cannot be served in time is told when to come back.
  expect(all).toHaveLength(CROWD_SIZE);
  expect(new Set(all.map(({ status, wait }) => `${status} ${wait}`))).toBeOneOf([
    new Set(['401 null']),
    new Set(['401 null', `503 ${LONGEST_WAIT_S}`]),
  ]);
  const sorted = times.toSorted((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThan(1000);
  // Nobody waits until the crowd is through.
  expect(sorted.at(-1)).toBeLessThan((performance.now() - began) / 3);
}, 60_000);
