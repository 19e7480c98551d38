import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CameraConfig } from '../../src/camera/config.ts';
import type { Permission, Scope } from '../../src/contract/access.ts';
import type { ManagedCamera, ManagedList, TriedCamera } from '../../src/contract/api/camera-settings.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';
import { openPageEdge } from './page-edge.ts';

const patient = { timeout: 15_000, interval: 50 };
let back: BackEnd;
const opened: CameraConfig[] = [];
const closing = new AsyncDisposableStack();
beforeAll(async () => {
  back = closing.use(await openBackEnd());
  closing.use(await openPageEdge(back, (config) => opened.push(config)));
});
afterAll(() => closing.disposeAsync());

const send = (method: string, path: string, body?: object, authorization = back.authorization) =>
  fetch(`${back.url}/api/v1/cameras/settings${path}`, {
    method,
    headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
const list = async (authorization?: string) =>
  (await (await send('GET', '', undefined, authorization)).json()) as ManagedList;
const find = async (id: string): Promise<ManagedCamera | undefined> =>
  (await list()).cameras.find((one) => one.id === id);
const RTSP = { kind: 'rtsp', id: 'gate', url: 'rtsp://root:pa55word@192.0.2.1/live?token=t0ken', fps: 5 };

describe('A camera that is added on the page', () => {
  test('runs at its edge at once, changes, pauses, goes on and goes, and no answer tells its secrets', async () => {
    expect((await send('POST', '', { settings: RTSP })).status).toBe(201);
    await expect.poll(() => opened.length, patient).toBe(1);
    expect(opened[0]).toMatchObject({
      username: 'root',
      password: 'pa55word',
      url: 'rtsp://192.0.2.1/live?token=t0ken',
    });
    await expect.poll(async () => (await find('gate'))?.status?.state, patient).toBe('running');
    const shown = await find('gate');
    expect(shown).toMatchObject({ origin: 'page', site: 'home', paused: false, has_secrets: true });
    expect(shown?.settings).toEqual({ kind: 'rtsp', id: 'gate', url: 'rtsp://192.0.2.1/live?…', fps: 5 });
    expect(shown?.yaml).toContain('url: rtsp://192.0.2.1/live?…');

    const lines = [
      {
        id: 'barrier',
        points: [
          [0, 0.5],
          [1, 0.5],
        ],
        directions: ['rein', 'raus'],
      },
    ];
    expect((await send('PUT', '/gate', { settings: { ...shown?.settings, name: 'Tor', lines } })).status).toBe(204);
    await expect.poll(() => opened.length, patient).toBe(2);
    expect(opened[1]).toMatchObject({
      name: 'Tor',
      password: 'pa55word',
      url: 'rtsp://192.0.2.1/live?token=t0ken',
      lines,
    });
    await expect.poll(async () => (await find('gate'))?.status?.directions, patient).toEqual(['rein', 'raus']);

    expect((await send('POST', '/gate/pause')).status).toBe(204);
    await expect.poll(async () => (await find('gate'))?.status?.message, patient).toBe('Paused on the page.');
    expect(await find('gate')).toMatchObject({ paused: true });
    expect((await send('POST', '/gate/resume')).status).toBe(204);
    await expect.poll(() => opened.length, patient).toBe(3);

    expect((await send('DELETE', '/gate')).status).toBe(204);
    await expect.poll(() => find('gate'), patient).toBeUndefined();
    expect((await back.getJson('/cameras')).cameras).toEqual([]);
    const rows = await back.sql.query<{ text: string }>('SELECT entry::text AS text FROM audit_entries');
    const changes = rows.filter(({ text }) => text.includes('"gate"')).map(({ text }) => text);
    expect(changes.length).toBeGreaterThanOrEqual(5);
    expect(changes.join()).not.toMatch(/pa55word|t0ken/);
    // Removed and told: nothing of it is kept.
    expect(await back.sql.query('SELECT id FROM page_cameras')).toEqual([]);
    expect((await send('POST', '', { settings: RTSP })).status).toBe(201);
    await expect.poll(() => opened.length, patient).toBe(4);
    const [kept] = await back.sql.query<{ text: string }>(
      'SELECT row_to_json(page_cameras)::text AS text FROM page_cameras',
    );
    expect(kept?.text).not.toMatch(/pa55word|t0ken|root/);
    expect((await send('DELETE', '/gate')).status).toBe(204);
  });

  test.each([
    ['a file', { kind: 'file', id: 'x', path: '/etc/passwd' }, /kind/],
    ['pictures', { kind: 'pictures', id: 'x', path: '/' }, /kind/],
    ['another ffmpeg', { ...RTSP, ffmpeg: '/bin/sh' }, /ffmpeg/],
    ['a device that is no camera', { kind: 'usb', id: 'x', device: '/dev/sda' }, /device/],
    ['an address of another kind', { ...RTSP, url: 'file:///etc/passwd' }, /url/],
    ['a line with one end', { ...RTSP, lines: [{ id: 'a', points: [[0, 0]] }] }, /lines\.0\.points/],
  ])('is refused as %s, which says why', async (_, settings, message) => {
    const answer = await send('POST', '', { settings });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringMatching(message)]);
  });

  test('is tried before it is added: a picture, and what can be read in it', async () => {
    const settings = { kind: 'simulator', id: 'trial', width: 320, height: 180 };
    const answer = await send('POST', '/try', { settings });
    expect(answer.status).toBe(200);
    const tried = (await answer.json()) as TriedCamera;
    expect(tried).toMatchObject({ width: 320, height: 180, plates: 0, legibility: null, problem: null });
    expect([...Buffer.from(tried.picture ?? '', 'base64').subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    expect(await find('trial')).toBeUndefined();
  });

  test('is out of reach for those who may see another site alone, and cannot be had twice', async () => {
    const tokenFor = async (scope: Scope, permissions: Permission[] = ['cameras']) =>
      `Bearer ${(await createApiToken(back.sql, { name: 'test', permissions, scope })).secret}`;
    const theirs = await tokenFor({ cameras: [], sites: ['elsewhere'] });
    const settings = { kind: 'simulator', id: 'road' };
    expect((await send('POST', '', { settings })).status).toBe(201);
    expect((await send('POST', '', { settings })).status).toBe(409);
    expect((await send('POST', '', { settings: { ...settings, id: 'other' } }, theirs)).status).toBe(403);
    expect((await send('PUT', '/road', { settings }, theirs)).status).toBe(404);
    expect((await send('DELETE', '/road', undefined, theirs)).status).toBe(404);
    expect(await list(theirs)).toEqual({ cameras: [], sites: [] });
    expect((await send('DELETE', '/road')).status).toBe(204);
  });
});
