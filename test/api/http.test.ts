import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createErrorHandler } from '../../src/api/errors.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { AlprError } from '../../src/base/errors.ts';
import { createLog } from '../../src/base/log.ts';
import { noQuery } from '../../src/contract/api/fields.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, makeStatus, openBackEnd } from './api-fixture.ts';

let back: BackEnd;
const events = Array.from({ length: 20 }, () => makeEvent());

beforeAll(async () => {
  back = await openBackEnd();
  await back.publish(events);
});
afterAll(() => back[Symbol.asyncDispose]());

const send = (address: string, method: string) => fetch(back.url + address, { method });

test('A request that fails is logged by its route, without the plate in its address', async () => {
  const lines: string[] = [];
  const target = { write: (line: string) => lines.push(line), isTerminal: false, hasColours: false };
  const server = fastify();
  server.setErrorHandler(createErrorHandler(createLog({ level: 'error', format: 'json' }, target)));
  server.get('/events/plate/:text', () => {
    throw new Error('the disk is gone');
  });
  const response = await server.inject('/events/plate/L0GGED2?camera=L0GGED2');
  expect([response.statusCode, lines.length]).toEqual([500, 1]);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    route: '/events/plate/:text',
    err: { message: 'the disk is gone' },
  });
  expect(lines[0]).not.toContain('L0GGED2');
});

describe('A method that an address does not have', () => {
  test.each([
    ['POST', '/events/recent', 'GET, HEAD'],
    ['DELETE', '/events/01900000-0000-7000-8000-000000000000', 'GET, HEAD'],
    ['PUT', '/images/a/b.jpg', 'GET, HEAD'],
    ['PATCH', '/cameras', 'GET, HEAD'],
    ['GET', '/search/query', 'POST'],
    ['POST', '/api/v1/stats', 'GET, HEAD'],
    ['POST', '/', 'GET, HEAD'],
  ])('%s %s is 405, and Allow says which it has', async (method, address, allow) => {
    const response = await send(address, method);
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    expect(await response.json()).toMatchObject({
      code: 'METHOD_NOT_ALLOWED',
      status: 405,
      title: 'Method Not Allowed',
    });
  });

  test.each(['/live', '/events/export'])('is HEAD for %s, whose answer has no end or is dear', async (address) => {
    const response = await send(address, 'HEAD');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  });

  test('an address that there is not stays a 404', async () => {
    expect((await send('/nothing/here', 'POST')).status).toBe(404);
    expect((await send('/nothing/here', 'GET')).status).toBe(404);
  });
});

describe('Answers', () => {
  test.each(['br', 'gzip'])('are compressed for those who take %s, and say the same', async (encoding) => {
    const response = await back.get('/events/recent', { 'accept-encoding': encoding });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('vary')).toContain('accept-encoding');
    expect(await response.json()).toMatchObject({ next: null });
    const plain = await back.get('/events/recent', { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });

  test('of pictures and of a line are not compressed', async () => {
    await back.images.put('home/north/large.jpg', new Uint8Array(5000), 'image/jpeg');
    for (const address of ['/images/home/north/large.jpg', '/cameras']) {
      expect((await back.get(address)).headers.get('content-encoding'), address).toBeNull();
    }
  });

  test('of files of the page are compressed and kept, and parts of them are parts', async () => {
    await mkdir(join(back.webRoot, 'assets'), { recursive: true });
    const script = 'void 0;\n'.repeat(1000);
    await writeFile(join(back.webRoot, 'assets', 'large-1b2c.js'), script);
    const address = '/assets/large-1b2c.js';
    const whole = await back.get(address, { 'accept-encoding': 'gzip' });
    expect(whole.headers.get('content-encoding')).toBe('gzip');
    expect(whole.headers.get('cache-control')).toContain('immutable');
    expect(await whole.text()).toBe(script);
    const head = await fetch(back.url + address, { method: 'HEAD' });
    expect([head.status, head.headers.get('cache-control')]).toEqual([200, expect.stringContaining('immutable')]);
    // `fetch` by itself would ask for a fresh one.
    const mine = { 'if-none-match': whole.headers.get('etag') ?? 'none', 'cache-control': 'max-age=0' };
    const known = await back.get(address, mine);
    expect(known.status).toBe(304);
    const part = await back.get(address, { range: 'bytes=8-11', 'accept-encoding': 'gzip' });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 8-11/8000',
      'void',
    ]);
    const long = await back.get(address, { range: 'bytes=0-3999', 'accept-encoding': 'gzip' });
    expect([long.headers.get('content-encoding'), long.headers.get('content-length')]).toEqual([null, '4000']);
  });

  test.each([
    '/events/recent',
    `/events/${events[0]?.event_id}`,
    '/events/plate/AB12CDE',
    '/events/search?q=AB12CDE',
    '/search/facets',
    '/search/analytics',
    '/cameras',
    '/stats',
    '/health',
    '/nothing',
  ])('of %s may not be kept', async (address) => {
    expect((await back.get(address)).headers.get('cache-control')).toBe('no-store');
  });
});

describe('Problems', () => {
  test('have the title and the number of their status', async () => {
    const response = await back.get('/events/recent?limit=0');
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await response.json()).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
  });

  test.each([
    ['DATABASE_UNAVAILABLE', 503],
    ['SEARCH_UNAVAILABLE', 503],
    ['SEARCH_REFUSED', 500],
    ['IMAGES_UNAVAILABLE', 503],
    ['INTERNAL', 500],
  ] as const)('of %s name no address of ours', async (code, status) => {
    await using failing = await back.open({ port: 0 }, [
      ...ROUTES,
      (server) => {
        server.get('/trial/fails', { config: { access: 'public' }, schema: { querystring: noQuery } }, () => {
          throw new AlprError(code, 'Expected an answer of http://db-1.internal:5432 (10.1.2.3) for user alpr');
        });
      },
    ]);
    const response = await fetch(`${failing.url}/trial/fails`);
    const text = await response.text();
    expect([response.status, JSON.parse(text).code]).toEqual([status, code]);
    expect(text).not.toMatch(/internal:|10\.1\.2\.3|5432|user alpr/);
    expect(text).toContain('the log of the server');
  });

  test('of a camera that is not there say so, unlike those of one that shows nothing yet', async () => {
    const unknown = await back.get('/cameras/nowhere/picture.jpg');
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      expect.objectContaining({ message: expect.stringContaining('There is no camera nowhere') }),
    ]);
    await back.publishCamera(makeStatus('silent'));
    const silent = await back.get('/cameras/silent/picture.jpg');
    expect([silent.status, await silent.json()]).toEqual([
      404,
      expect.objectContaining({ message: expect.stringContaining('no picture yet') }),
    ]);
  });
});
