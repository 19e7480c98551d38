import { describe, expect, test } from 'vitest';
import type { Camera, CameraState } from '../../src/camera/camera.ts';
import { cameraConfigSchema } from '../../src/camera/config.ts';
import { openCamera } from '../../src/camera/open.ts';
import type { Frame } from '../../src/vision/frame.ts';
import type { CameraFixture } from './camera-contract.ts';
import { keepLog } from './log.ts';
import { readClip } from './rtsp-clip.ts';
import { RtspServer } from './rtsp-server.ts';

const clip = readClip(new URL('./fixtures/road-320x180.h264', import.meta.url));
const larger = readClip(new URL('./fixtures/road-480x360.h264', import.meta.url));
const quick = { first_ms: 100, max_ms: 400, factor: 2 };

async function openBy(decoder: object, port: number, more: object = {}) {
  const log = keepLog();
  const config = cameraConfigSchema.parse({
    kind: 'rtsp',
    id: 'gate',
    url: `rtsp://127.0.0.1:${port}/live`,
    restart: quick,
    ...decoder,
    ...more,
  });
  return { camera: await openCamera(config, { log }), log };
}

/** Takes frames until `enough` says so; gives up after 20 s. */
async function takeUntil(camera: Camera, enough: (frames: readonly Frame[]) => boolean): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of camera.frames(AbortSignal.timeout(20_000))) {
    frames.push(frame);
    if (enough(frames)) break;
  }
  return frames;
}

/** Runs the camera in the background and waits for a state whose message fits. */
async function waitFor(camera: Camera, fits: (state: CameraState) => boolean): Promise<CameraState> {
  const stop = new AbortController();
  const running = (async () => {
    for await (const frame of camera.frames(stop.signal)) expect(frame.cameraId).toBe(camera.id);
  })();
  for (let round = 0; round < 400 && !fits(camera.state); round++) await new Promise((done) => setTimeout(done, 25));
  const { state } = camera;
  stop.abort();
  await running;
  return state;
}

/** A camera of its own for `testCamera`. */
export async function openRtspFixture(decoder: object = {}): Promise<CameraFixture> {
  const server = await RtspServer.open({ clip });
  const fields = { url: `rtsp://127.0.0.1:${server.port}/live`, restart: quick, ...decoder };
  return { fields, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** What a camera by RTSP must do, whatever decodes it. */
export function testRtsp(title: string, decoder: object = {}): void {
  const openAt = (port: number, more: object = {}) => openBy(decoder, port, more);

  describe(title, () => {
    test('hands out pictures in both sizes at the rate asked for', async () => {
      await using server = await RtspServer.open({ clip });
      const { camera } = await openAt(server.port, { fps: 10 });
      await using _ = camera;
      const frames = await takeUntil(camera, (taken) => taken.length === 30);
      expect(frames.map((frame) => frame.sequence)).toEqual(Array.from({ length: 30 }, (_, index) => index));
      const { image, small } = frames[0] ?? {};
      expect({ ...image, data: image?.data.length }).toEqual({
        kind: 'yuv420p',
        width: 320,
        height: 180,
        data: 320 * 180 * 1.5,
      });
      expect(small).toMatchObject({ scale: 2, offsetX: 0, offsetY: 0, image: { width: 640, height: 384 } });
      expect([...(small?.image.data.subarray(-3) ?? [])]).toEqual([114, 114, 114]);
      const [tenth = Number.NaN, last = Number.NaN] = [frames[9]?.mediaTime, frames[29]?.mediaTime];
      const seconds = (last - tenth) / 1000;
      // Two seconds and what comes in bursts, in shares as large as they were over one.
      expect(seconds).toBeGreaterThan(1.4);
      expect(seconds).toBeLessThan(3.2);
      expect(new Set(frames.map((frame) => frame.image.data.buffer)).size).toBe(30);
    });

    test.for(['basic', 'digest'] as const)('comes in with the right password by %s', async (scheme) => {
      const auth = { scheme, username: 'guard', password: 'p@ss/w:rd?' };
      await using server = await RtspServer.open({ clip, auth });
      const { camera } = await openAt(server.port, { username: auth.username, password: auth.password });
      await using _ = camera;
      expect(await takeUntil(camera, (taken) => taken.length === 2)).toHaveLength(2);
    });

    test.for(['basic', 'digest'] as const)(
      'says that the password is wrong by %s, asks seldom and never shows it',
      async (scheme) => {
        await using server = await RtspServer.open({
          clip,
          auth: { scheme, username: 'guard', password: 'right-one' },
        });
        const { camera, log } = await openAt(server.port, { username: 'guard', password: 'wrong-secret' });
        await using _ = camera;
        const state = await waitFor(camera, ({ state }) => state === 'retrying');
        expect(state).toMatchObject({
          state: 'retrying',
          message: 'Refused: wrong user or password (401). Trying again in 0.4 s.',
        });
        expect(JSON.stringify([state, log.lines])).not.toContain('wrong-secret');
      },
    );

    test('comes back by itself after the camera vanished and returned at the same port', async () => {
      const server = await RtspServer.open({ clip });
      const { port } = server;
      const { camera } = await openAt(port);
      await using _ = camera;
      await using stack = new AsyncDisposableStack();
      let gone: Promise<void> | undefined;
      const comeBack = async () => {
        await server[Symbol.asyncDispose]();
        await expect
          .poll(() => camera.state.message, { timeout: 15_000 })
          .toMatch(/^Nothing answers at this address \(connection refused\)\. Trying again in /);
        stack.use(await RtspServer.open({ clip, port }));
      };
      const frames = await takeUntil(camera, (taken) => {
        if (taken.length === 3) gone = comeBack();
        return camera.state.restarts > 0 && taken.length >= 6;
      });
      await gone;
      expect(frames.length).toBeGreaterThanOrEqual(6);
      const times = frames.map((frame) => frame.mediaTime);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(camera.state.restarts).toBeGreaterThanOrEqual(2);
    });

    test('is opened again when it sends nothing for the stall timeout', async () => {
      await using server = await RtspServer.open({ clip });
      const { camera, log } = await openAt(server.port, { stall_timeout_ms: 1000 });
      await using _ = camera;
      const stalled = /trying again .*no picture came for 1\.0 s/;
      const hasStalled = () => expect.poll(() => log.lines.join('\n'), { timeout: 15_000 }).toMatch(stalled);
      const frames = await takeUntil(camera, (taken) => {
        if (taken.length === 3) {
          server.stall();
          void hasStalled()
            .catch(() => undefined)
            .then(() => server.resume());
        }
        return camera.state.restarts > 0 && taken.length >= 6;
      });
      expect(log.lines.join('\n')).toMatch(stalled);
      expect(frames.length).toBeGreaterThanOrEqual(6);
      expect(camera.state.restarts).toBe(1);
    });

    test('is not taken for stalled when its rate is lower than the stall timeout', async () => {
      await using server = await RtspServer.open({ clip });
      const { camera } = await openAt(server.port, { fps: 0.4, stall_timeout_ms: 500 });
      await using _ = camera;
      expect(await takeUntil(camera, (taken) => taken.length === 2)).toHaveLength(2);
      expect(camera.state.restarts).toBe(0);
    });

    test('has short pauses again after a connection that lived', async () => {
      await using stack = new AsyncDisposableStack();
      let server = await RtspServer.open({ clip });
      const { port } = server;
      const restart = { first_ms: 50, max_ms: 60_000, factor: 3 };
      const { camera, log } = await openAt(port, { restart });
      stack.use(camera);
      const delays = () => log.lines.flatMap((line) => /"delay_ms":(\d+)/.exec(line)?.[1] ?? []).map(Number);
      await server[Symbol.asyncDispose]();
      const taking = takeUntil(
        camera,
        (taken) => camera.state.restarts > 0 && taken.length >= 30 && delays().length > 4,
      );
      while (delays().length < 4) await new Promise((done) => setTimeout(done, 20));
      server = stack.use(await RtspServer.open({ clip, port }));
      // The pause before this connection was about 1.4 s; it lives for longer.
      while (camera.state.state !== 'running') await new Promise((done) => setTimeout(done, 20));
      await new Promise((done) => setTimeout(done, 2500));
      server.drop();
      await taking;
      const [fourth, next] = delays().slice(3);
      expect(fourth).toBeGreaterThan(1000);
      expect(next).toBeLessThan(100);
    }, 40_000);

    test('goes on with the new size when the camera changes its resolution in mid-stream', async () => {
      await using server = await RtspServer.open({ clip });
      const { camera } = await openAt(server.port);
      await using _ = camera;
      const frames = await takeUntil(camera, (taken) => {
        if (taken.length === 3) server.play(larger);
        return taken.filter(({ image }) => image.width === 480).length >= 3;
      });
      const sizes = [...new Set(frames.map(({ image }) => `${image.width}×${image.height}`))];
      expect(sizes).toEqual(['320×180', '480×360']);
      expect(frames.at(-1)?.small?.scale).toBeCloseTo(384 / 360);
      expect(camera.state).toMatchObject({ width: 480, height: 360 });
    });

    test('names an address that has no stream', async () => {
      await using server = await RtspServer.open({ clip });
      const { camera } = await openAt(server.port, { url: `rtsp://127.0.0.1:${server.port}/nothing` });
      await using _ = camera;
      const state = await waitFor(camera, ({ state }) => state === 'retrying');
      expect(state.message).toMatch(
        /^The server has no stream at this address \(404\); check the path of the url\. Trying again in /,
      );
    });

    test('drops old pictures for a slow consumer and shows it by gaps in the sequence', async () => {
      await using server = await RtspServer.open({ clip });
      const { camera } = await openAt(server.port, { fps: 30 });
      await using _ = camera;
      const sequences: number[] = [];
      for await (const frame of camera.frames(AbortSignal.timeout(20_000))) {
        sequences.push(frame.sequence);
        expect(Date.now() - frame.capturedAt).toBeLessThan(600);
        if (sequences.length === 6) break;
        await new Promise((done) => setTimeout(done, 250));
      }
      expect(Math.max(...sequences) - Math.min(...sequences)).toBeGreaterThan(15);
    });
  });
}
