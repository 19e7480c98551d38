import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OwnDatabase, openOwnDatabase } from '../db/test-database.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

const LIMIT_MS = 30_000;
let back: BackEnd;
let database: OwnDatabase;

beforeAll(async () => {
  database = await openOwnDatabase();
  back = await openBackEnd({ kind: 'postgres' }, {}, async () => database);
});
afterAll(() => back[Symbol.asyncDispose]());

/** Status and body of an address, again and again until `enough`. */
async function follow(address: string, enough: (status: number) => boolean) {
  const until = performance.now() + LIMIT_MS;
  while (performance.now() < until) {
    const response = await back.get(address);
    const body: unknown = await response.json();
    expect([200, 503]).toContain(response.status);
    if (enough(response.status)) return body;
    await sleep(5);
  }
  throw new Error(`expected ${address} to change within ${LIMIT_MS} ms`);
}

test('When the database server is killed it comes back by itself; meanwhile answers are 503 and no event is lost', async () => {
  const events = Array.from({ length: 3000 }, (_, index) => makeEvent({ text: `K${index}` }));
  const published: Promise<void>[] = [];
  const publishing = (async () => {
    for (let at = 0; at < events.length; at += 10) {
      published.push(back.publish(events.slice(at, at + 10)));
      await sleep(2);
    }
  })();
  await sleep(50);
  // Whoever asked before the database went stays known for some seconds.
  await back.get('/cameras');
  const pid = database.pid();
  process.kill(pid, 'SIGKILL');
  const [health, recent] = await Promise.all([
    follow('/health', (status) => status === 503),
    follow('/events/recent?limit=1', (status) => status === 503),
  ]);
  expect(health).toMatchObject({ status: 'degraded', database: { ok: false, kind: 'embedded' } });
  expect(recent).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  expect((await back.get('/cameras')).status).toBe(200);
  expect(await follow('/health', (status) => status === 200)).toMatchObject({ status: 'ok' });
  expect(database.pid()).not.toBe(pid);
  await publishing;
  await Promise.all(published);
  const rows = await back.sql.query<{ text: string }>('SELECT text_normalized AS text FROM plate_events');
  expect(rows.map(({ text }) => text).sort()).toEqual(events.map(({ plate }) => plate.text_normalized).sort());
  expect(await back.sql.query('SELECT count(*)::int AS n FROM dead_letters')).toEqual([{ n: 0 }]);
}, 60_000);
