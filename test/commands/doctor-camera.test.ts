import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runAlpr } from './run-alpr.ts';

test('doctor names the cause why a camera gives no picture, and not the password', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const server = createServer((_, response) => {
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="camera"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  const cameras = [
    `{id: refused, kind: http, url: "http://127.0.0.1:${port}/", username: guard, password: "wrong-one"}`,
    '{id: unknown, kind: rtsp, url: "rtsp://camera.invalid/live"}',
    '{id: missing, kind: usb, device: /dev/video97}',
  ];
  const { code, out } = await runAlpr(folder, ['doctor', '--set', `cameras=[${cameras.join(', ')}]`]);
  expect(code).toBe(1);
  const causeOf = (id: string) => new RegExp(`✗ Camera ${id} .*: no picture within 8 s\\. (.*)`).exec(out)?.[1];
  expect(causeOf('refused')).toBe('Refused: wrong user or password (401).');
  expect(causeOf('unknown')).toBe('The host name in the url is not known.');
  expect(causeOf('missing')).toBe('The device is not there; plug the camera in or correct the device.');
  expect(out).not.toContain('wrong-one');
}, 60_000);
