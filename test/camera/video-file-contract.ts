import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWith as openAny, takeFrames } from './cameras.ts';

/** 60 pictures of 320×180 in 2 seconds, its index at the front. */
export const whole = fileURLToPath(new URL('./fixtures/road-60-frames.mp4', import.meta.url));
/** What a video file must do as a camera, whatever decodes it. */
export function testVideoFile(title: string, decoder: object = {}): void {
  const openWith = (fields: object) => openAny({ ...decoder, ...fields });

  describe(title, () => {
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'video-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    test('hands out every picture when the rate is that of the file', async () => {
      const { camera } = await openWith({ kind: 'file', path: whole, fps: 30 });
      await using _ = camera;
      const { frames, error } = await takeFrames(camera);
      expect(error).toBeUndefined();
      expect(frames).toHaveLength(60);
      expect(frames.map((frame) => Math.round((frame.mediaTime * 30) / 1000))).toEqual(
        Array.from({ length: 60 }, (_, n) => n),
      );
      expect(camera.state).toMatchObject({ state: 'ended', framesIn: 60, width: 320, height: 180 });
      expect(camera.live).toBe(false);
    });

    test('hands out 20 pictures of two seconds at 10 a second, without loss for a slow consumer', async () => {
      const { camera } = await openWith({ kind: 'file', path: whole, fps: 10 });
      await using _ = camera;
      const times: number[] = [];
      for await (const frame of camera.frames(AbortSignal.timeout(20_000))) {
        times.push(Math.round(frame.mediaTime));
        await new Promise((done) => setTimeout(done, 40));
      }
      expect(times).toEqual(Array.from({ length: 20 }, (_, n) => n * 100));
    });

    test('does not copy pictures when the file has fewer than are asked for', async () => {
      const { camera } = await openWith({ kind: 'file', path: whole, fps: 60 });
      await using _ = camera;
      expect((await takeFrames(camera)).frames).toHaveLength(60);
    });

    test('begins again at the end when it loops, with times that go on', async () => {
      const { camera } = await openWith({ kind: 'file', path: whole, fps: 5, loop: true });
      await using _ = camera;
      const { frames } = await takeFrames(camera, (taken) => taken.length === 23);
      expect(frames.map((frame) => Math.round(frame.mediaTime))).toEqual(Array.from({ length: 23 }, (_, n) => n * 200));
    });

    test('plays at the speed of a camera in real time', async () => {
      const { camera } = await openWith({ kind: 'file', path: whole, fps: 10, realtime: true });
      await using _ = camera;
      const began = performance.now();
      const { frames } = await takeFrames(camera);
      expect(frames.length).toBeGreaterThanOrEqual(19);
      expect(performance.now() - began).toBeGreaterThan(1500);
      expect(camera.live).toBe(true);
    });

    test('delivers what a truncated file holds and then says that it is truncated', async () => {
      const path = join(folder, 'half.mp4');
      const bytes = await readFile(whole);
      await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
      const { camera } = await openWith({ kind: 'file', path, fps: 30 });
      await using _ = camera;
      const { frames, error } = await takeFrames(camera);
      expect(frames.length).toBeGreaterThan(15);
      expect(frames.length).toBeLessThan(60);
      expect(error).toMatchObject({ code: 'VIDEO_INVALID' });
      expect(String(error)).toContain(`${path} is not whole or not readable`);
      expect(camera.state.state).toBe('failed');
    });

    test('never opens an address that a playlist in disguise names', async () => {
      const asked: string[] = [];
      const server = createServer((request, response) => {
        asked.push(request.url ?? '');
        response.end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const path = join(folder, 'list.m3u8');
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/inside.ts`;
      await writeFile(path, `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\n${address}\n#EXT-X-ENDLIST\n`);
      const { camera } = await openWith({ kind: 'file', path });
      await using _ = camera;
      expect((await takeFrames(camera)).error).toMatchObject({ code: 'VIDEO_INVALID' });
      expect(asked).toEqual([]);
      await new Promise((resolve) => server.close(resolve));
    });

    test.for([
      ['a file that is not there', 'missing.mp4', undefined, /cannot be opened \(ENOENT/],
      ['an empty file', 'empty.mp4', '', /it is empty/],
      ['a file that is no video', 'text.mp4', 'this is not a video', /no picture can be decoded/],
    ] as const)('refuses %s and names it', async ([, name, content, reason]) => {
      const path = join(folder, name);
      if (content !== undefined) await writeFile(path, content);
      const { camera } = await openWith({ kind: 'file', path });
      await using _ = camera;
      const { frames, error } = await takeFrames(camera);
      expect(frames).toEqual([]);
      expect(error).toMatchObject({ code: 'VIDEO_INVALID' });
      expect(String(error)).toContain(path);
      expect(String(error)).toMatch(reason);
    });
  });
}
