import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import bundled from '@ffmpeg-installer/ffmpeg';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { findFfmpeg } from '../../src/camera/ffmpeg-binary.ts';
import { testCamera } from './camera-contract.ts';
import { openWith, takeFrames } from './cameras.ts';

const clip = fileURLToPath(new URL('./fixtures/road-60-frames.mp4', import.meta.url));
const restart = { first_ms: 100, max_ms: 400, factor: 2 };

/** A camera that sends motion JPEG as most do, to those who know the password. */
async function serveMotionJpeg(pictures: readonly Buffer[]) {
  let count = 0;
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Basic ${Buffer.from('guard:secret').toString('base64')}`) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="camera"' }).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=picture' });
    const timer = setInterval(() => {
      const jpeg = pictures[count++ % pictures.length] ?? Buffer.of();
      response.write(`--picture\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
      response.write(jpeg);
      response.write('\r\n');
    }, 50);
    response.on('close', () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/video.mjpg`,
    sent: () => count,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const paint = (grey: number) =>
  sharp({ create: { width: 200, height: 100, channels: 3, background: { r: grey, g: grey, b: grey } } })
    .jpeg()
    .toBuffer();

testCamera('http', async () => {
  const server = await serveMotionJpeg([await paint(40)]);
  const fields = { url: server.url, username: 'guard', password: 'secret', restart };
  return { fields, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
});

describe('A camera by HTTP', () => {
  test('hands out the pictures of a motion JPEG stream', async () => {
    await using server = await serveMotionJpeg(await Promise.all([paint(40), paint(200)]));
    const { camera } = await openWith({
      kind: 'http',
      url: server.url,
      username: 'guard',
      password: 'secret',
      fps: 100,
      restart,
    });
    await using _ = camera;
    const { frames } = await takeFrames(camera, (taken) => taken.length === 6);
    expect(frames.map(({ image }) => `${image.kind} ${image.width}×${image.height}`)).toEqual(
      Array(6).fill('yuv420p 200×100'),
    );
    const brightness = frames.map(({ image }) => image.data[5000] ?? Number.NaN);
    const full = frames.some(({ image }) => image.kind === 'yuv420p' && image.fullRange === true);
    const [dark, bright] = full ? [40, 200] : [16 + (40 * 219) / 255, 16 + (200 * 219) / 255];
    expect(Math.min(...brightness)).toBeCloseTo(dark, -1);
    expect(Math.max(...brightness)).toBeCloseTo(bright, -1);
  });

  test('hands out as many pictures of a motion JPEG stream as are asked for, though they have no time', async () => {
    // They are 20 a second. Taken for 25, as ffmpeg does where they have no time, only 8 of them would be left.
    await using server = await serveMotionJpeg([await paint(40)]);
    const { camera } = await openWith({
      ...{ kind: 'http', url: server.url, restart, fps: 10 },
      username: 'guard',
      password: 'secret',
    });
    await using _ = camera;
    const sent: number[] = [];
    const { frames } = await takeFrames(camera, (taken) => {
      sent.push(server.sent());
      return taken.length === 16;
    });
    const seconds = ((frames.at(-1)?.capturedAt ?? 0) - (frames[1]?.capturedAt ?? 0)) / 1000;
    expect(14 / seconds).toBeLessThan(11);
    // By what was sent, because a busy machine sends and takes them later.
    expect(14 / ((sent.at(-1) ?? 0) - (sent[1] ?? 0))).toBeGreaterThan(0.43);
  });

  test('is found by the name of its host, whichever ffmpeg decodes it', async () => {
    await using server = await serveMotionJpeg([await paint(40)]);
    const { path: system } = await findFfmpeg();
    for (const ffmpeg of new Set([system, bundled.path])) {
      const url = server.url.replace('127.0.0.1', 'localhost');
      const fields = { kind: 'http', url, username: 'guard', password: 'secret', ffmpeg, restart };
      const { camera } = await openWith(fields);
      await using _ = camera;
      expect((await takeFrames(camera, (taken) => taken.length === 2)).frames).toHaveLength(2);
    }
  });

  test('says that the password is wrong', async () => {
    await using server = await serveMotionJpeg([await paint(0)]);
    const { camera } = await openWith({
      kind: 'http',
      url: server.url,
      username: 'guard',
      password: 'wrong-one',
      restart,
    });
    await using _ = camera;
    const stop = new AbortController();
    const running = takeFrames(camera);
    for (let round = 0; round < 200 && camera.state.state !== 'retrying'; round++)
      await new Promise((done) => setTimeout(done, 25));
    expect(camera.state.message).toBe('Refused: wrong user or password (401). Trying again in 0.4 s.');
    stop.abort();
    await camera[Symbol.asyncDispose]();
    await running;
  });
});

describe('A camera by HLS', () => {
  test('hands out the pictures of its segments, and is opened again when its list ends', async () => {
    await using stack = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'hls-'));
    stack.defer(() => rm(folder, { recursive: true }));
    const { path } = await findFfmpeg();
    const list = ['-c', 'copy', '-f', 'hls', '-hls_time', '1', '-hls_list_size', '0', join(folder, 'live.m3u8')];
    await promisify(execFile)(path, ['-loglevel', 'error', '-i', clip, ...list]);
    const server = createServer((request, response) => {
      readFile(join(folder, basename(request.url ?? ''))).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stack.defer(() => new Promise((resolve) => server.close(() => resolve())));
    stack.defer(() => server.closeAllConnections());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/live.m3u8`;
    const { camera, log } = await openWith({ kind: 'http', url, restart });
    stack.use(camera);
    const { frames } = await takeFrames(camera, (taken) => camera.state.restarts > 0 && taken.length > 4);
    expect(frames.length).toBeGreaterThan(4);
    expect(frames[0]?.image).toMatchObject({ width: 320, height: 180 });
    expect(log.lines.join()).toContain('the camera ended the stream');
  });
});

describe('A camera at this machine', () => {
  test('that is not there is waited for, with a sentence that names what to do', async () => {
    const { camera } = await openWith({ kind: 'usb', device: '/dev/video97', restart });
    const running = takeFrames(camera);
    for (let round = 0; round < 200 && camera.state.state !== 'retrying'; round++)
      await new Promise((done) => setTimeout(done, 25));
    expect(camera.state.message).toMatch(
      /^The device is not there; plug the camera in or correct the device\. Trying again in /,
    );
    await camera[Symbol.asyncDispose]();
    expect((await running).error).toBeUndefined();
    expect(camera.state.state).toBe('ended');
  });
});
