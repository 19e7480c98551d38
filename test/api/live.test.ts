import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { startSession } from '../../src/store/sign-in/sessions.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, makeStatus, openBackEnd, readAnswer } from './api-fixture.ts';

let back: BackEnd;

beforeAll(async () => {
  back = await openBackEnd();
});
afterAll(() => back[Symbol.asyncDispose]());

const watch = (url: string, { signal } = new AbortController()) =>
  fetch(`${url}/live`, { signal, headers: { authorization: back.authorization } });

type Told = { event: string; data: unknown };

/** The place after the last event that any stream was told. */
let lastPlace: string | undefined;

async function* readEvents(response: Response): AsyncGenerator<Told> {
  let text = '';
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString('utf8');
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
      );
      text = text.slice(end + 2);
      lastPlace = lines.get('id') ?? lastPlace;
      if (lines.has('event')) yield { event: lines.get('event') ?? '', data: JSON.parse(lines.get('data') ?? '') };
    }
  }
}

test('A viewer gets the known cameras at once and then every revision, box and state as it comes', async () => {
  const abort = new AbortController();
  await back.publishCamera(makeStatus('north'));
  const response = await watch(back.url, abort);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  expect(response.headers.get('content-security-policy')).toContain("'self'");
  const stream = readEvents(response);
  expect((await stream.next()).value).toEqual({ event: 'camera', data: makeStatus('north') });
  const event = makeEvent();
  const meta = { camera_id: 'north', at: '2026-01-01T00:00:00.000Z', width: 4, height: 2, tracks: [] };
  await back.publish([event]);
  expect((await stream.next()).value).toEqual({ event: 'plate', data: event });
  await back.publishLive('north', new Uint8Array([1]), { kind: 'picture', meta: 'no json' });
  await back.publishLive('north', new Uint8Array([1]), { kind: 'camera' });
  await back.publishPicture(meta, new Uint8Array([1]));
  expect((await stream.next()).value).toEqual({ event: 'boxes', data: meta });
  abort.abort();
});

test('Whoever hears of a plate finds it', async () => {
  const abort = new AbortController();
  const stream = readEvents(await watch(back.url, abort));
  await stream.next();
  const events = Array.from({ length: 40 }, () => makeEvent());
  const published = events.map((event) => back.publish([event]));
  for (let heard = 0; heard < events.length; heard++) {
    const { data } = (await stream.next()).value as { data: PlateEvent };
    expect((await back.get(`/events/${data.event_id}`)).status).toBe(200);
  }
  await Promise.all(published);
  abort.abort();
});

test('A viewer that does not read is cut off; the bus and other viewers do not wait for it', async () => {
  const socket = connect(back.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`GET /live HTTP/1.1\r\nHost: 127.0.0.1:${back.port}\r\nAuthorization: ${back.authorization}\r\n\r\n`);
  await once(socket, 'readable');
  socket.pause();
  const event = { ...makeEvent(), track_id: 'x'.repeat(64) };
  const started = performance.now();
  // 12 MB for each viewer: more than the kernel's buffers and what the server keeps for one.
  for (let round = 0; round < 12; round++) await back.publish(Array.from({ length: 700 }, () => event));
  expect(performance.now() - started).toBeLessThan(20_000);
  const closed = once(socket, 'close');
  socket.resume();
  await closed;
});

test('A viewer who may see one site hears of it alone, also of what he missed, and learns no other count', async () => {
  const asked = { name: 'yard', permissions: ['events:read'], scope: { cameras: [], sites: ['yard'] } } as const;
  const { secret } = await createApiToken(back.sql, asked);
  const watchYard = async (last: string | undefined, { signal }: AbortController) => {
    const headers = { authorization: `Bearer ${secret}`, ...(last && { 'last-event-id': last }) };
    return fetch(`${back.url}/live`, { signal, headers });
  };
  const of = (camera: string, site: string) => ({ ...makeEvent({ camera }), site_id: site });
  const meta = { at: '2026-01-01T00:00:00.000Z', width: 4, height: 2, tracks: [] };
  const [first, second] = [of('yard-in', 'yard'), of('yard-out', 'yard')];
  const abort = new AbortController();
  const response = await watchYard(undefined, abort);
  const stream = readEvents(response);
  await back.publish([of('vault-in', 'vault')]);
  await back.publishCamera({ ...makeStatus('vault-in'), site_id: 'vault' });
  await back.publishPicture({ ...meta, camera_id: 'vault-in', site_id: 'vault' }, new Uint8Array([1]));
  // Of another installation with the same name of a camera, and of an edge that does not tell its site.
  await back.publishPicture({ ...meta, camera_id: 'yard-in', site_id: 'vault' }, new Uint8Array([1]));
  await back.publishCamera(makeStatus('yard-in'));
  await back.publish([first]);
  expect((await stream.next()).value).toEqual({ event: 'plate', data: first });
  abort.abort();
  const place = lastPlace;
  const again = new AbortController();
  await back.publish([of('vault-in', 'vault'), second]);
  const resumed = readEvents(await watchYard(place, again));
  expect((await resumed.next()).value).toEqual({ event: 'plate', data: second });
  again.abort();
});

test('A viewer whose token is revoked is cut off', async () => {
  const asked = { name: 'gone', permissions: ['events:read'], scope: undefined } as const;
  const { secret, token } = await createApiToken(back.sql, asked);
  const response = await fetch(`${back.url}/live`, { headers: { authorization: `Bearer ${secret}` } });
  const { authorization } = back;
  const { status } = await fetch(`${back.url}/tokens/${token.id}`, { method: 'DELETE', headers: { authorization } });
  expect(status).toBe(204);
  const revoked = performance.now();
  for await (const _ of response.body as AsyncIterable<Uint8Array>);
  expect(performance.now() - revoked).toBeLessThan(5000);
});

test('A stream neither keeps the session of its page alive nor outlives it', async () => {
  const account = await createAccount(back.sql, { name: 'Ida', role: 'viewer', passwordHash: 'none that fits' });
  const lifetimes = { idle_minutes: 720, max_hours: 720 };
  const { id, secret } = await startSession(back.sql, { account, kind: 'page', address: '', userAgent: '', lifetimes });
  const response = await fetch(`${back.url}/live`, { headers: { cookie: `alpr-session=${secret}` } });
  const leave = async (hours: number) => {
    await back.sql.query("UPDATE account_sessions SET last_used_at = now() - $2 * interval '1 hour' WHERE id = $1", [
      id,
      hours,
    ]);
    // Any change makes the server ask anew who watches.
    await fetch(`${back.url}/people`, { method: 'POST', headers: { authorization: back.authorization } });
  };
  await leave(11);
  await setTimeout(1500);
  const [row] = await back.sql.query<{ unused: boolean }>(
    "SELECT last_used_at < now() - interval '10 hours' AS unused FROM account_sessions WHERE id = $1",
    [id],
  );
  expect(row).toEqual({ unused: true });
  await leave(13);
  for await (const _ of response.body as AsyncIterable<Uint8Array>);
});

test('Closing the API ends the streams and frees the port', async () => {
  const second = await back.open({ port: 0 });
  const response = await watch(second.url);
  const ended = (async () => {
    for await (const _ of response.body as AsyncIterable<Uint8Array>);
  })();
  await second[Symbol.asyncDispose]();
  await ended.catch(() => undefined);
  await expect(fetch(second.url)).rejects.toThrow();
});

test('One token takes a third of all streams and leaves the rest to others', async () => {
  await using second = await back.open({ port: 0, live_viewers: 15 });
  const abort = new AbortController();
  for (let opened = 0; opened < 5; opened++) expect((await watch(second.url, abort)).status).toBe(200);
  const { code, message } = await readAnswer(await watch(second.url, abort));
  expect([code, message]).toEqual(['VIEWERS_FULL', expect.stringContaining('at most 5 live viewers')]);
  const asked = { name: 'other', permissions: ['events:read'], scope: undefined } as const;
  const headers = { authorization: `Bearer ${(await createApiToken(back.sql, asked)).secret}` };
  expect((await fetch(`${second.url}/live`, { headers, signal: abort.signal })).status).toBe(200);
  abort.abort();
});

test('More viewers than configured are told so', async () => {
  await using second = await back.open({ port: 0, live_viewers: 1 });
  const abort = new AbortController();
  await watch(second.url, abort);
  const refused = await watch(second.url);
  const { code, message } = await readAnswer(refused);
  expect([refused.status, code]).toEqual([429, 'VIEWERS_FULL']);
  expect(message).toContain('at most 1 live viewers at once (server.live_viewers)');
  abort.abort();
});
