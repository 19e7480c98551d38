import { describe, expect, test } from 'vitest';
import type { Camera } from '../../src/camera/camera.ts';
import type { CameraConfig } from '../../src/camera/config.ts';
import type { Frame } from '../../src/vision/frame.ts';
import { openWith } from './cameras.ts';

/** A source of at least five pictures: what to write into the configuration, and how to end what serves it. */
export type CameraFixture = Readonly<{ fields: object }> & AsyncDisposable;

/** What every kind of camera must do. */
export function testCamera(kind: CameraConfig['kind'], openFixture: () => Promise<CameraFixture>): void {
  describe(`Camera: ${kind}`, () => {
    test('is known by its configuration and says in a sentence what it does', async () => {
      await using opened = await openNamed(kind, openFixture);
      const { camera } = opened;
      expect([camera.kind, camera.id, camera.name]).toEqual([kind, 'gate', 'The gate']);
      expect(camera.state).toMatchObject({ state: 'connecting', framesIn: 0, restarts: 0 });
      const messages = [camera.state.message];
      await take(camera, 5);
      messages.push(camera.state.message);
      for (const message of messages) expect(message).toMatch(/^[A-Z].*\.$/);
    });

    test('numbers its frames, gives them times that never go back, and counts them', async () => {
      await using opened = await openNamed(kind, openFixture);
      const { camera } = opened;
      const frames = await take(camera, 5);
      expect(frames).toHaveLength(5);
      for (const [at, frame] of frames.entries()) {
        const before = frames[at - 1];
        expect(frame.cameraId).toBe('gate');
        expect(frame.sequence).toBeGreaterThan(before?.sequence ?? -1);
        expect(frame.mediaTime).toBeGreaterThanOrEqual(before?.mediaTime ?? 0);
        expect(frame.capturedAt).toBeGreaterThanOrEqual(before?.capturedAt ?? Date.UTC(2020, 0, 1));
        expect(frame.image.data).toHaveLength(sizeOf(frame));
      }
      const { width, height } = frames[4]?.image ?? {};
      expect(camera.state).toMatchObject({ width, height });
      expect(camera.state.framesIn).toBeGreaterThanOrEqual(5);
    });

    test.each(['its signal', 'closing it'])('ends by %s, without an error', async (how) => {
      await using opened = await openNamed(kind, openFixture);
      const { camera } = opened;
      const stop = new AbortController();
      for await (const { sequence } of camera.frames(stop.signal)) {
        expect(sequence).toBeGreaterThanOrEqual(0);
        if (how === 'its signal') stop.abort();
        else await camera[Symbol.asyncDispose]();
      }
      expect(camera.state.state).toBe('ended');
    });
  });
}

async function openNamed(kind: string, openFixture: () => Promise<CameraFixture>) {
  await using opened = new AsyncDisposableStack();
  const { fields } = opened.use(await openFixture());
  const { camera } = await openWith({ kind, name: 'The gate', ...fields });
  opened.use(camera);
  const parts = opened.move();
  return { camera, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

async function take(camera: Camera, most: number): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of camera.frames(AbortSignal.timeout(20_000))) if (frames.push(frame) >= most) break;
  return frames;
}

/** Bytes of a picture: three for each pixel, or one and two halves of a quarter. */
function sizeOf({ image: { kind, width, height } }: Frame): number {
  const quarter = Math.ceil(width / 2) * Math.ceil(height / 2);
  return kind === 'rgb24' ? width * height * 3 : width * height + 2 * quarter;
}
