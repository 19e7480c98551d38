import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

let back: BackEnd;

beforeAll(async () => {
  back = await openBackEnd();
});
afterAll(() => back[Symbol.asyncDispose]());

/** Sends bytes as they are; `fetch` would tidy the path. */
async function ask(requestLine: string, headers: readonly string[] = []): Promise<string> {
  const socket = connect(back.port, '127.0.0.1');
  const host = headers.some((line) => /^host:/i.test(line)) ? [] : [`Host: 127.0.0.1:${back.port}`];
  const own = [...host, `Authorization: ${back.authorization}`, 'Connection: close'];
  socket.write(`${[requestLine, ...own, ...headers].join('\r\n')}\r\n\r\n`);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  await once(socket, 'close');
  return text;
}

test.each([
  '/events/recent?limit=0',
  '/events/recent?limit=501',
  '/events/recent?limit=1e9',
  '/events/recent?limit=NaN',
  '/events/recent?limit=1&limit=2',
  '/events/recent?unknown=1',
  '/events/recent?cursor=AAAA',
  '/events/recent?cursor=WyIyMDI2LTAyLTMxVDAwOjAwOjAwLjAwMFoiLCJ4Il0',
  `/events/recent?cursor=${Buffer.from('["2026-01-01T00:00:00.000Z","x"]').toString('base64url')}`,
  `/events/recent?cursor=${'A'.repeat(600)}`,
  '/events/recent?camera=%00',
  `/events/recent?camera=${'x'.repeat(65)}`,
  '/events/recent?__proto__[x]=1',
  '/events/1',
  `/events/${'9'.repeat(400)}`,
  "/events/'%20OR%201=1--",
  '/events/plate/%00',
  "/events/plate/'%3B--",
  `/events/plate/${'A'.repeat(65)}`,
  '/events/camera/%00',
  '/events/search',
  '/events/search?q=',
  '/events/search?q=%00',
  '/events/search?q=%25',
  "/events/search?q=';DROP TABLE plate_events",
  '/events/search?q=AB&mode=sql',
  '/events/search?q=AB&from=yesterday',
  '/events/search?q=AB&from=0001-01-01T00:00:00Z',
  '/events/search?q=AB&to=9999-12-31T23:59:59Z',
  '/events/search?q=AB&min_confidence=2',
  '/events/search?q=AB12CDE&cursor=bm8',
  '/events/search?q=AB12CDE&mode=likelihood&cursor=bm8',
  `/events/search?q=AB12CDE&mode=likelihood&cursor=${Buffer.from('[1,"2026-01-01T00:00:00.000Z"]').toString('base64url')}`,
  '/events/search?q=AB&region=%00',
  `/events/search?q=AB&site=${'x'.repeat(65)}`,
  '/review/queue?limit=0',
  '/review/queue?camera=%00',
  '/review/queue?from=yesterday',
  '/events/export',
  '/events/export?format=xlsx',
  '/events/export?format=csv&q=%25',
  '/events/export?format=csv&from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z',
  '/events/1/evidence',
  '/plates/%00',
  "/plates/AB?time_zone=UTC';--",
  '/plates/AB?time_zone=Mars/Base',
  '/events/1/notes',
  '/search/facets?q=%25',
  '/search/facets?limit=5',
  '/search/analytics?bucket=second',
  "/search/analytics?bucket=day';--",
  '/search/analytics?vehicle=%0A',
  '/stats?hours=0',
  '/stats?hours=999999999',
  '/stats?hours=Infinity',
  '/health?x=1',
  '/images/..%5c..%5cetc',
  '/images//etc/passwd',
  '/images/%00.jpg',
  '/images/',
  `/images/${'a'.repeat(600)}`,
  '/cameras/%00/picture.jpg',
  '/live?events=all',
  '/live?events=',
  `/live?last_event_id=${'x'.repeat(129)}`,
  '/search/fulltext?q=',
  '/search/fulltext?q=camera:%00',
  '/%zz',
])('%s is refused with 400 and a problem', async (address) => {
  const response = await back.get(address);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    code: expect.stringMatching(/^(INPUT_INVALID|IMAGE_KEY_INVALID)$/),
    message: expect.any(String),
  });
});

test.each([
  ['GET /../../../../etc/passwd HTTP/1.1', /^HTTP\/1\.1 40[034]/],
  ['GET /images/../../../../etc/passwd HTTP/1.1', /^HTTP\/1\.1 40[034]/],
  ['GET /images/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1', /^HTTP\/1\.1 400/],
  ['GET /assets/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1', /^HTTP\/1\.1 40[034]/],
  ['GET /.env HTTP/1.1', /^HTTP\/1\.1 40[34]/],
  [`GET /${'a'.repeat(40_000)} HTTP/1.1`, /^HTTP\/1\.1 431/],
  ['POST /events/recent HTTP/1.1', /^HTTP\/1\.1 405/],
  ['DELETE /images/a.jpg HTTP/1.1', /^HTTP\/1\.1 405/],
  ['nonsense', /^HTTP\/1\.1 400/],
])('%.60s gets a 4xx answer', async (line, status) => {
  const answer = await ask(line);
  expect(answer).toMatch(status);
  expect(answer).not.toContain('root:');
});

test.each([
  ['an address that is too long', `GET /${'a'.repeat(40_000)} HTTP/1.1`, 431, 'at most 16384 bytes'],
  ['what is no HTTP', 'nonsense', 400, 'HTTP/1.1 request'],
])('%s is answered with a problem, too', async (_, line, status, hint) => {
  const [head = '', body = ''] = (await ask(line)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(head).toContain('application/problem+json');
  expect(JSON.parse(body)).toEqual({
    type: expect.any(String),
    title: expect.any(String),
    status,
    code: 'INPUT_INVALID',
    message: expect.stringContaining(hint),
  });
});

test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '0.0.0.0', '', '[::2]', 'a@127.0.0.1'])(
  'A request for the host %j (DNS rebinding) is refused',
  async (host) => {
    expect(await ask('GET /events/recent HTTP/1.1', [`Host: ${host}`])).toMatch(/^HTTP\/1\.1 400/);
  },
);

test.each(['localhost', 'LOCALHOST:8000', '127.0.0.1', '127.9.9.9:80', '[::1]:8000'])(
  'A request for the host %s is answered',
  async (host) => {
    expect(await ask('GET /cameras HTTP/1.1', [`Host: ${host}`])).toMatch(/^HTTP\/1\.1 200/);
  },
);

test.each(['0.0.0.0', '::', '192.168.1.10', 'example.org', ''])(
  'It does not listen on %j without TLS or a named proxy',
  async (host) => {
    await expect(back.open({ port: 0, host: host || '10.0.0.1' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('needs server.tls'),
    });
  },
);

test('A port that another process has is PORT_IN_USE and nothing is left subscribed', async () => {
  await expect(back.open({ port: back.port })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: expect.stringContaining(`127.0.0.1:${back.port}`),
  });
});
