import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventPageSchema } from '../../src/contract/api/events.ts';
import { makeReport } from '../ingest/make-report.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, makeStatus, openBackEnd } from './api-fixture.ts';

const T0 = Date.now() - 60_000;
const events = [
  makeEvent({ text: 'AB12CDE', camera: 'north', at: T0 }),
  makeEvent({ text: 'A812CDE', camera: 'south', at: T0 + 1000 }),
  makeEvent({ text: 'XYZ777', camera: 'north', at: T0 + 2000 }),
] as const;
const revised = makeEvent({
  ...events[2],
  text: 'XYZ778',
  id: events[2].event_id,
  at: T0 + 2000,
  camera: 'north',
  revision: 2,
});
let back: BackEnd;

beforeAll(async () => {
  back = await openBackEnd();
  await back.publish(events);
  await back.publish([revised]);
});
afterAll(() => back[Symbol.asyncDispose]());

describe('Events', () => {
  test('the newest come first, page by page', async () => {
    const first = await back.getJson('/events/recent?limit=2');
    expect(first.events).toEqual([revised, events[1]]);
    const second = await back.getJson(`/events/recent?limit=2&cursor=${first.next}`);
    expect(second).toEqual({ events: [events[0]], next: null });
  });

  test.each([
    '/events/recent?limit=2',
    '/events/recent',
    '/events/plate/AB12CDE',
    '/events/camera/north?limit=1',
    '/events/camera/none',
  ])('%s answers what its schema in the description says', async (address) => {
    const response = await back.get(address);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    eventPageSchema.parse(await response.json());
  });

  test('one event comes with all its revisions', async () => {
    expect(await back.getJson(`/events/${revised.event_id}`)).toEqual({
      event: revised,
      revisions: [events[2], revised],
      misdated: false,
    });
    expect(await back.getJson(`/events/${revised.event_id.toUpperCase()}`)).toMatchObject({ event: revised });
  });

  test('an event that is not there is a 404 with a problem', async () => {
    const response = await back.get('/events/01900000-0000-7000-8000-000000000000');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      code: 'NOT_FOUND',
      message: 'There is no event 01900000-0000-7000-8000-000000000000',
    });
  });

  test('lists by plate, however it is written, and by camera', async () => {
    expect((await back.getJson('/events/plate/ab-12%20cde')).events).toEqual([events[0]]);
    expect((await back.getJson('/events/camera/north')).events).toEqual([revised, events[0]]);
    expect((await back.getJson('/events/recent?camera=south')).events).toEqual([events[1]]);
  });

  test('search tells the mode, the score and the reason', async () => {
    const answer = await back.getJson('/events/search?q=ab12cde');
    expect(answer.mode).toBe('fuzzy');
    expect(answer.results.map(({ reason }) => reason)).toEqual([
      { kind: 'exact', distance: 0, detail: '' },
      { kind: 'lookalike', distance: 1, detail: 'B↔8 at 2' },
    ]);
    expect(answer.results[0]?.event).toEqual(events[0]);
  });

  test('search by likelihood gives the probability as the score', async () => {
    const { mode, results } = await back.getJson('/events/search?q=ab12cde&mode=likelihood&min_confidence=0.01');
    expect(mode).toBe('likelihood');
    expect(results[0]?.score).toBe(events[0]?.plate.confidence);
    expect(results[1]?.reason).toMatchObject({ kind: 'lookalike', detail: expect.stringMatching(/^B↔8 at 2, p 0\.0/) });
  });

  test('search is narrowed by site, region and vehicle', async () => {
    const found = async (filter: string) => (await back.getJson(`/events/search?q=ab12cde&${filter}`)).results.length;
    expect(await found('site=home')).toBe(2);
    expect(await found('site=elsewhere')).toBe(0);
    expect(await found('region=xx')).toBe(0);
    expect(await found('vehicle=car')).toBe(0);
  });

  test('facets and analytics count what is stored, or what a search finds', async () => {
    const from = 'from=2020-01-01T00:00:00Z';
    expect(await back.getJson(`/search/facets?${from}`)).toMatchObject({
      events: 3,
      cameras: [
        { value: 'north', events: 2 },
        { value: 'south', events: 1 },
      ],
      regions: [],
    });
    expect(await back.getJson('/search/facets?q=ab12cde')).toMatchObject({ events: 2 });
    const over = await back.getJson(`/search/analytics?bucket=month&${from}`);
    expect(over.reads.reduce((sum, { events }) => sum + events, 0)).toBe(3);
    expect(over.bucket).toBe('month');
  });
});

describe('System', () => {
  test('health names every part', async () => {
    await back.publishCamera(makeStatus('north'));
    const response = await back.get('/health');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'ok',
      version: '9.9.9',
      database: { ok: true, kind: 'embedded' },
      bus: { ok: true, kind: 'memory' },
      search: { ok: true, kind: 'postgres' },
      images: { ok: true, kind: 'files' },
      disk: { ok: true },
      models: [{ name: 'alpr-detect', provider: 'cpu' }],
      cameras: [{ id: 'north', state: 'running', message: 'Frames come' }],
    });
  });

  test('whether the process answers is asked apart from whether all works', async () => {
    const response = await back.get('/health/live');
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('statistics and metrics count', async () => {
    await back.publishMetrics(makeReport([{ read: 2, lost: 2 }], { startedAt: T0, at: T0 + 2000 }));
    expect(await back.getJson('/stats?hours=3')).toMatchObject({ events_total: 3, read_rate_24h: 0.5 });
    const text = await (await back.get('/metrics')).text();
    expect(text).toMatch(/alpr_http_request_seconds_count\{route="\/stats",method="GET",status="200"\} 1/);
    expect(text).toContain('alpr_ingested_total{outcome="written"} 4');
    expect(text).toContain('alpr_camera_passages{site="home",camera="north",outcome="read",reason="",light=""} 2');
  });

  test('the description is OpenAPI 3.1, and the documentation is served', async () => {
    const document = await back.getJson('/openapi.json');
    expect(document.openapi).toMatch(/^3\.1/);
    const page = await (await back.get('/docs/')).text();
    for (const [, address] of page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)) {
      expect((await back.get(`/docs/${address}`)).status, address).toBe(200);
    }
  });

  test('programs get a description at / and people a page', async () => {
    const description = await (await back.get('/', { accept: 'application/json' })).json();
    expect(description).toMatchObject({ name: 'ovr-alpr', version: '9.9.9', links: { health: '/health' } });
    expect(await (await back.get('/', { accept: 'text/html' })).text()).toContain('npm run build:page');
    await mkdir(path.join(back.webRoot, 'assets'), { recursive: true });
    await writeFile(path.join(back.webRoot, 'index.html'), '<!doctype html><p>built</p>');
    await writeFile(path.join(back.webRoot, 'assets', 'a-1b2c.js'), 'void 0;');
    const page = await back.get('/', { accept: 'text/html' });
    expect(await page.text()).toContain('built');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const asset = await back.get('/assets/a-1b2c.js');
    expect(asset.headers.get('content-type')).toContain('javascript');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    await rm(back.webRoot, { recursive: true });
  });

  test('every answer forbids what the page does not need', async () => {
    const { headers } = await back.get('/health');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('Pictures', () => {
  test('a stored picture comes with its type, and its browser may keep it for an hour', async () => {
    await back.images.put('home/north/plate.jpg', new Uint8Array([0xff, 0xd8, 1]), 'image/jpeg');
    const response = await back.get('/images/home/north/plate.jpg');
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('cache-control')).toBe('private, max-age=3600, immutable');
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0xff, 0xd8, 1]);
    expect((await back.get('/images/home/north/none.jpg')).status).toBe(404);
  });

  test('what a camera sees now is never kept', async () => {
    const meta = { camera_id: 'north', at: '2026-01-01T00:00:00.000Z', width: 4, height: 2, tracks: [] };
    expect((await back.get('/cameras/south/picture.jpg')).status).toBe(404);
    await back.publishPicture(meta, new Uint8Array([1, 2]));
    await back.publishPicture({ ...meta, at: '2026-01-01T00:00:00.125Z' }, new Uint8Array([3, 4]));
    const response = await back.get('/cameras/north/picture.jpg?t=1');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-frame-at')).toBe('2026-01-01T00:00:00.125Z');
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([3, 4]);
    expect((await back.getJson('/cameras')).cameras).toEqual([makeStatus('north')]);
  });
});
