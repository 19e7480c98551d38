import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { isPublic, isWithin } from '../../src/base/address-range.ts';
import { allowedTargetSchema, createOutgoingCheck } from '../../src/base/outgoing-address.ts';
import { sendOutgoing } from '../../src/base/outgoing-request.ts';

async function serve(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const ask = (url: string, allowed: readonly string[] = [], bounds = {}) =>
  sendOutgoing({
    url,
    check: createOutgoingCheck(allowed, 'some.setting'),
    timeoutMs: 2000,
    maxBytes: 1000,
    ...bounds,
  });

describe('An address that somebody gives', () => {
  // One of each special range of https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry.
  test('is public only where anybody could have it', () => {
    const others =
      '0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 192.0.0.1 192.0.2.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 100::1 2001:db8::1 2002:7f00:1:: fc00::1 fd12::1 fe80::1 fec0::1 ff02::1 nonsense';
    expect(others.split(' ').filter(isPublic)).toEqual([]);
    const anybodys = '1.1.1.1 172.32.0.1 93.184.216.34 2606:4700:4700::1111 ::ffff:8.8.8.8';
    expect(anybodys.split(' ').filter((address) => !isPublic(address))).toEqual([]);
  });

  test('lies within a range, also where IPv6 wraps it', () => {
    expect(isWithin('::ffff:10.0.0.9', ['10.0.0.0/29', '10.0.0.9'])).toBe(true);
    expect(isWithin('10.0.0.9', ['10.0.0.0/29', 'fd00::/8'])).toBe(false);
    expect(isWithin('fd00::1', ['fd00::/8'])).toBe(true);
  });

  test.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
    'http://localhost/',
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/',
    'https://name:secret@example.com/',
    'file:///etc/passwd',
    'nonsense',
  ])('is refused before anything connects: %s', async (url) => {
    await expect(ask(url)).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  test('is asked where it is listed by its address, its network or its name, and redirects are not followed', async () => {
    await using server = await serve((_, response) =>
      response.writeHead(302, { location: 'http://10.0.0.1/' }).end('moved'),
    );
    for (const [host, entry] of [
      ['127.0.0.1', '127.0.0.1'],
      ['localhost', '127.0.0.0/8'],
      ['localhost', 'LocalHost'],
    ] as const) {
      const answer = await ask(`http://${host}:${server.port}/`, [entry]);
      expect([answer.status, String(answer.body)]).toEqual([302, 'moved']);
    }
    await expect(ask(`http://localhost:${server.port}/`, ['other'])).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  test('gets a body, and must answer in time and within bounds', async () => {
    await using server = await serve((request, response) => {
      if (request.url === '/slow') return;
      if (request.url === '/long') return void response.end('x'.repeat(1001));
      request.pipe(response);
    });
    const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;
    const echoed = await ask(at('/'), ['127.0.0.1'], { method: 'POST', body: 'grüße' });
    expect(String(echoed.body)).toBe('grüße');
    for (const path of ['/slow', '/long']) {
      await expect(ask(at(path), ['127.0.0.1'], { timeoutMs: 200 })).rejects.toMatchObject({ code: 'ADDRESS_FAILED' });
    }
  });

  test('may be listed as an address, a network or a name, and as nothing else', () => {
    for (const entry of ['10.0.0.1', '10.0.0.0/8', 'fd00::/8', 'camera-1.lan']) allowedTargetSchema.parse(entry);
    for (const entry of ['', '10.0.0.0/33', '10.0.0', 'http://a', 'a b', '*.lan']) {
      expect(allowedTargetSchema.safeParse(entry).success, entry).toBe(false);
    }
  });
});
