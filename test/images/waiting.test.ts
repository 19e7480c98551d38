import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { openFileImages } from '../../src/images/files.ts';
import type { Images } from '../../src/images/images.ts';
import { createImagesMetrics, type ImagesMetrics } from '../../src/images/metrics.ts';
import { openS3Images } from '../../src/images/s3.ts';
import { openWaitingImages } from '../../src/images/waiting.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openDoor } from '../servers/door.ts';
import { describeWith, shareS3 } from '../servers/servers.ts';
import { testImages } from './images-contract.ts';
import { createS3Config, s3ConfigOf } from './s3-config.ts';

const QUICK = { firstMs: 20, maxMs: 200, factor: 2 };
const root = mkdtempSync(path.join(tmpdir(), 'alpr-waiting-'));
const log = createLog({ level: 'silent' });

afterAll(() => rmSync(root, { recursive: true }));

describeWith(['s3'], 'Pictures that wait for their upload', () => {
  testImages('waiting for s3', async () =>
    openWaitingImages({
      local: await openFileImages(path.join(root, 'contract')),
      store: openS3Images(await createS3Config()),
      limitBytes: 1e9,
      metrics: createImagesMetrics(new Telemetry()),
      log,
    }),
  );

  test('stay here while the store is down, survive a restart, and all arrive when it is back', async () => {
    const server = await shareS3();
    await using door = await openDoor(server.endpoint);
    const config = s3ConfigOf({ ...server, endpoint: door.url }, { timeout_ms: 1000 });
    const folder = path.join(root, 'outage');
    await door.shut();
    const pictures = Array.from(
      { length: 30 },
      (_, index) => [`cam/${index}-plate.jpg`, Buffer.from(`picture ${index}`)] as const,
    );
    {
      await using images = await open({ folder, store: openS3Images(config) });
      for (const [key, bytes] of pictures) await images.put(key, bytes, 'image/jpeg');
      expect(Buffer.from((await images.get('cam/7-plate.jpg'))?.bytes ?? []).toString()).toBe('picture 7');
      await expect(images.ping()).rejects.toMatchObject({ code: 'IMAGES_UNAVAILABLE' });
    }
    const metrics = createImagesMetrics(new Telemetry());
    await using images = await open({ folder, store: openS3Images(config), metrics });
    expect(await waitingOf(metrics)).toBe(30);
    await door.open();
    await expect.poll(() => waitingOf(metrics), { timeout: 20_000 }).toBe(0);
    await images.ping();
    const store = openS3Images(config);
    for (const [key, bytes] of pictures)
      expect(Buffer.from((await store.get(key))?.bytes ?? []).equals(bytes)).toBe(true);
    expect(await Array.fromAsync((await openFileImages(folder)).list())).toEqual([]);
    expect(await Array.fromAsync(images.list())).toHaveLength(30);
  }, 60_000);
});

test('One picture that the store refuses does not hold up the others', async () => {
  const store = await openFileImages(path.join(root, 'picky-store'));
  const metrics = createImagesMetrics(new Telemetry());
  const picky: Images = {
    ...store,
    put: async (key, bytes, type) => {
      if (key.startsWith('bad')) throw new Error('refused');
      await store.put(key, bytes, type);
    },
  };
  await using images = await open({ folder: path.join(root, 'picky'), store: picky, metrics });
  const keys = [...Array.from({ length: 12 }, (_, index) => `bad-${index}.jpg`), 'good.jpg'];
  for (const key of keys) await images.put(key, Buffer.from(key), 'image/jpeg');
  await expect.poll(() => waitingOf(metrics), { timeout: 10_000 }).toBe(12);
  expect(await store.get('good.jpg')).toBeDefined();
});

test('When too many wait the oldest are given up, and counted', async () => {
  const away: Images = {
    ...(await openFileImages(path.join(root, 'away'))),
    put: () => Promise.reject(new Error('away')),
  };
  const metrics = createImagesMetrics(new Telemetry());
  await using images = await open({ folder: path.join(root, 'full'), store: away, metrics, limitBytes: 1000 });
  for (let index = 0; index < 15; index++) {
    await images.put(`${index}.jpg`, new Uint8Array(100), 'image/jpeg');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(await waitingOf(metrics)).toBe(10);
  const given = await metrics.pictureUploads.get();
  expect(given.values.find(({ labels }) => labels.outcome === 'given_up')?.value).toBe(5);
  expect(await Promise.all(['4.jpg', '5.jpg'].map((key) => images.get(key)))).toEqual([undefined, expect.anything()]);
});

async function open(options: {
  folder: string;
  store: Images;
  metrics?: ImagesMetrics;
  limitBytes?: number;
}): Promise<Images> {
  const { folder, store, metrics = createImagesMetrics(new Telemetry()), limitBytes = 1e9 } = options;
  return openWaitingImages({ local: await openFileImages(folder), store, limitBytes, metrics, log, backoff: QUICK });
}

async function waitingOf(metrics: ImagesMetrics): Promise<number | undefined> {
  return (await metrics.picturesWaiting.get()).values[0]?.value;
}
