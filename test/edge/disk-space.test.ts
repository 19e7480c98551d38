import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AlprError } from '../../src/base/errors.ts';
import { createLog } from '../../src/base/log.ts';
import { createRoomCheck, giveUpPictures } from '../../src/edge/disk-space.ts';
import { openFileImages } from '../../src/images/files.ts';
import type { Images } from '../../src/images/images.ts';
import { createImagesMetrics } from '../../src/images/metrics.ts';
import { openWaitingImages } from '../../src/images/waiting.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'room-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Pictures that wait for a store that takes none. */
async function openWaiting() {
  const telemetry = new Telemetry();
  const metrics = createImagesMetrics(telemetry);
  const local = await openFileImages(join(folder, 'waiting'));
  const store: Images = {
    ...(await openFileImages(join(folder, 'store'))),
    put: () => Promise.reject(new AlprError('IMAGES_UNAVAILABLE', 'the store is away')),
  };
  const images = await openWaitingImages({
    local,
    store,
    limitBytes: 1e9,
    metrics,
    log: createLog({ level: 'silent' }),
  });
  return { images, telemetry, local };
}

test('Pictures that wait are given up, the oldest first and counted, until none is left', async () => {
  const { images, telemetry, local } = await openWaiting();
  await using _ = images;
  for (let at = 0; at < 11; at++) await images.put(`home/gate/${at}.jpg`, new Uint8Array(10), 'image/jpeg');
  expect(await giveUpPictures(images)).toBe(true);
  const left = (await Array.fromAsync(local.list())).map(({ key }) => key);
  expect(left).not.toContain('home/gate/0.jpg');
  expect(left).toContain('home/gate/10.jpg');
  while (await giveUpPictures(images)) {}
  expect(await Array.fromAsync(local.list())).toEqual([]);
  expect((await telemetry.format()).text).toContain('alpr_picture_uploads_total{outcome="given_up"} 11');
});

test('Below the reserve there is no room for a picture once none is left to give up', async () => {
  const { images, local } = await openWaiting();
  await using _ = images;
  await images.put('home/gate/1.jpg', new Uint8Array(10), 'image/jpeg');
  expect(await createRoomCheck({ folder, reserveBytes: 0, images })()).toBe(true);
  expect(await Array.fromAsync(local.list())).toHaveLength(1);
  expect(await createRoomCheck({ folder, reserveBytes: Number.MAX_SAFE_INTEGER, images })()).toBe(false);
  expect(await Array.fromAsync(local.list())).toEqual([]);
});
