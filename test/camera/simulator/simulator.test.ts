import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/vision/frame.ts';
import { testCamera } from '../camera-contract.ts';
import { openRoad } from './road.ts';

const never = new AbortController().signal;

async function drive(fields: object, most = Number.POSITIVE_INFINITY) {
  const { camera, heard } = await openRoad({ realtime: false, width: 320, height: 180, fps: 5, ...fields });
  await using _ = camera;
  const frames: Frame[] = [];
  for await (const frame of camera.frames(never)) if (frames.push(frame) >= most) break;
  return { frames, camera, heard };
}

function digest(frames: readonly Frame[]): string {
  const hash = createHash('sha256');
  for (const frame of frames) hash.update(frame.image.data).update(String(frame.capturedAt));
  return hash.digest('hex');
}

testCamera('simulator', async () => ({
  fields: { realtime: false, width: 320, height: 180 },
  [Symbol.asyncDispose]: async () => undefined,
}));

describe('The simulated road', () => {
  test('shows the same traffic at the same times for the same seed, another for another', async () => {
    const [one, same, other] = [
      await drive({ seed: 4 }, 25),
      await drive({ seed: 4 }, 25),
      await drive({ seed: 5 }, 25),
    ];
    expect(digest(one.frames)).toBe(digest(same.frames));
    expect(digest(one.frames)).not.toBe(digest(other.frames));
    expect(one.frames.map((frame) => frame.capturedAt - (one.frames[0]?.capturedAt ?? 0))).toEqual(
      Array.from({ length: 25 }, (_, n) => n * 200),
    );
  });

  test('hands out both pictures of a Frame', async () => {
    const { frames } = await drive({ width: 960, height: 720 }, 1);
    const { image, small } = frames[0] ?? {};
    expect({ ...image, data: image?.data.length }).toEqual({
      kind: 'yuv420p',
      width: 960,
      height: 720,
      data: 960 * 720 * 1.5,
    });
    expect(small).toMatchObject({ offsetX: 0, offsetY: 0, image: { kind: 'rgb24', width: 640, height: 384 } });
    expect(small?.scale).toBeCloseTo(384 / 720);
  });

  test('ends after the passages asked for, and tells of each of them once, as it left', async () => {
    const { camera, heard, frames } = await drive({ passages: 4, seed: 9 });
    expect(camera.state.state).toBe('ended');
    expect(camera.truth()).toHaveLength(4);
    expect(heard.toSorted((a, b) => a.enteredAt - b.enteredAt)).toEqual(
      [...camera.truth()].sort((a, b) => a.enteredAt - b.enteredAt),
    );
    const end = frames.at(-1)?.mediaTime ?? 0;
    for (const passage of heard) {
      expect(passage.leftAt - passage.enteredAt).toBeGreaterThanOrEqual(2000);
      expect(passage.leftAt - passage.enteredAt).toBeLessThanOrEqual(5200);
      expect(passage.leftAt - passage.leftMediaTime).toBe(passage.enteredAt - passage.enteredMediaTime);
      expect(passage.leftMediaTime).toBeLessThanOrEqual(end + 200);
    }
  });

  test('is darker by night than by day', async () => {
    const mean = async (night: boolean) => {
      const [frame] = (await drive({ night }, 1)).frames;
      const luma = [...(frame?.image.data.subarray(0, 320 * 180) ?? [])];
      return luma.reduce((sum, value) => sum + value, 0) / luma.length;
    };
    expect(await mean(false)).toBeGreaterThan(100);
    expect(await mean(true)).toBeLessThan(60);
  });

  test('keeps the pace of a camera in real time, and shows by gaps what a slow consumer missed', async () => {
    const { camera } = await openRoad({ realtime: true, width: 320, height: 180, fps: 20 });
    await using _ = camera;
    expect(camera.live).toBe(true);
    const began = performance.now();
    const sequences: number[] = [];
    for await (const frame of camera.frames(never)) {
      sequences.push(frame.sequence);
      expect(Math.abs(Date.now() - frame.capturedAt)).toBeLessThan(1500);
      if (sequences.length === 15) break;
      if (sequences.length === 10) await new Promise((done) => setTimeout(done, 300));
    }
    expect(performance.now() - began).toBeGreaterThan(900);
    expect(sequences.at(-1)).toBeGreaterThanOrEqual(18);
  });

  test('ends when it is closed', async () => {
    const { camera } = await openRoad({ realtime: true, width: 320, height: 180 });
    setTimeout(() => void camera[Symbol.asyncDispose](), 200);
    for await (const frame of camera.frames(never)) expect(frame.cameraId).toBe('road');
    expect(camera.state).toMatchObject({ state: 'ended', message: 'The simulator was closed.' });
  });
});
