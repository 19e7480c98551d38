import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { openWith, takeFrames } from './cameras.ts';

const restart = { first_ms: 100, max_ms: 400, factor: 2 };
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

const ALLOWED: Readonly<Record<string, (request: IncomingMessage) => boolean>> = {
  none: () => true,
  basic: ({ headers }) => headers.authorization === `Basic ${Buffer.from('guard:sec:ret').toString('base64')}`,
  /** RFC 7616 §3.4.1 with MD5 and qop=auth. */
  digest: ({ headers, url, method }) => {
    const field = (name: string) => new RegExp(`\\b${name}="?([^",]+)"?`).exec(headers.authorization ?? '')?.[1] ?? '';
    const secret = md5(`guard:gate camera:sec:ret`);
    const parts = [secret, 'abc', field('nc'), field('cnonce'), 'auth', md5(`${method}:${url}`)];
    return field('uri') === url && field('response') === md5(parts.join(':'));
  },
};
const CHALLENGES: Readonly<Record<string, string>> = {
  none: '',
  basic: 'Basic realm="gate camera"',
  digest: 'Digest realm="gate camera", nonce="abc", qop="auth", algorithm=MD5',
};

/** A camera that gives one JPEG for each request, as most do beside their stream. */
async function serveSnapshots(scheme: string) {
  const served: number[] = [];
  const jpeg = await sharp({ create: { width: 200, height: 100, channels: 3, background: '#808080' } })
    .jpeg()
    .toBuffer();
  const server = createServer((request, response) => {
    if (!ALLOWED[scheme]?.(request)) {
      response.writeHead(401, { 'WWW-Authenticate': CHALLENGES[scheme] }).end();
      return;
    }
    served.push(performance.now());
    response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(jpeg);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    served,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cgi-bin/snapshot.cgi?channel=1`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('A camera that gives single pictures by HTTP', () => {
  test.for(['none', 'basic', 'digest'])('is asked for them at its rate, with authentication: %s', async (scheme) => {
    await using server = await serveSnapshots(scheme);
    const fields = { kind: 'http', url: server.url, username: 'guard', password: 'sec:ret', fps: 5, restart };
    const { camera } = await openWith(fields);
    await using _ = camera;
    const { frames } = await takeFrames(camera, (taken) => taken.length === 12);
    expect(frames).toHaveLength(12);
    expect(frames.at(-1)?.image).toMatchObject({ width: 200, height: 100 });
    // The first shows that pictures come singly. The others are asked for from then on: ten fifths of a second, less the haste of timers.
    const times = frames.map(({ mediaTime }) => mediaTime);
    expect(times.at(-1)).toBeGreaterThan(10 * 200 - 10);
    // The median, so that one picture that a busy machine fetches late counts as one.
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? Number.NaN));
    const median = gaps.toSorted((a, b) => a - b)[5];
    expect(median).toBeLessThan(300);
    expect(frames.map(({ sequence }) => sequence)).toEqual(frames.map((_, at) => at));
    expect(camera.state).toMatchObject({ state: 'running', restarts: 0 });
  });

  test('is waited for when it is gone, and says why', async () => {
    const server = await serveSnapshots('none');
    const { camera } = await openWith({ kind: 'http', url: server.url, fps: 20, restart });
    await using _ = camera;
    let closing: Promise<void> | undefined;
    const running = takeFrames(camera, (taken) => {
      if (taken.length === 5) closing = server[Symbol.asyncDispose]();
      return false;
    });
    // The picture that is on its way when the server goes is cut off first.
    const gone = /^Nothing answers at this address \(connection refused\)\. Trying again in /;
    await expect.poll(() => camera.state.message, { timeout: 10_000 }).toMatch(gone);
    await camera[Symbol.asyncDispose]();
    await running;
    await closing;
  });
});
