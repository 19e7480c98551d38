import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { lostKey, readLostKey } from '../../src/contract/lost-look.ts';
import { KEPT, LostLooks } from '../../src/edge/lost-looks.ts';
import { openFileImages } from '../../src/images/files.ts';
import { openLostLooksPlace } from '../../src/privacy/places/lost-looks.ts';
import { createSighting } from './sightings.ts';

const MINUTE_MS = 60_000;
const START = Date.UTC(2026, 2, 1, 12, 0, 0);
const log = createLog({ level: 'silent' });
const { best } = createSighting({});

async function openFolder() {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'lost-looks-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const images = opened.use(await openFileImages(folder));
  const keys = async () => (await Array.fromAsync(images.list(), ({ key }) => key)).toSorted();
  const closing = opened.move();
  return { images, keys, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

test('The newest looks of a camera are kept, one a minute for each reason, over restarts', async () => {
  await using folder = await openFolder();
  const { images, keys } = folder;
  let now = START;
  const open = () =>
    new LostLooks({ images, siteId: 'Yard', cameraId: 'gate', hasRoom: async () => true, log, now: () => now });
  const lose = async (looks: LostLooks, reason: 'blur' | 'too_small') => {
    looks.take([{ trackId: 1, reason, light: 'day', look: { ...best, capturedAt: now, charHeightPx: 9.14 } }]);
    await looks.settled();
  };
  const first = open();
  await lose(first, 'blur');
  now += 10_000;
  await lose(first, 'blur');
  await lose(first, 'too_small');
  first.take([{ trackId: 1, reason: 'empty', light: 'day', look: undefined }]);
  await first.settled();
  expect((await keys()).map(readLostKey)).toEqual([
    { site: 'yard', camera: 'gate', at: START, reason: 'blur', charHeightPx: 9.1, sharpness: 0.7 },
    { site: 'yard', camera: 'gate', at: START + 10_000, reason: 'too_small', charHeightPx: 9.1, sharpness: 0.7 },
  ]);
  const picture = await images.get((await keys())[0] ?? '');
  expect(picture?.bytes.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));

  const second = open();
  for (let turn = 0; turn < KEPT; turn += 1) {
    now += MINUTE_MS;
    await lose(second, 'blur');
  }
  const left = (await keys()).map((key) => readLostKey(key)?.at);
  expect([left.length, left[0], left.at(-1)]).toEqual([20, START + 10_000 + MINUTE_MS, now]);
});

test('A disk without room and a store that fails lose a look, and nothing else', async () => {
  await using folder = await openFolder();
  const { images, keys } = folder;
  const given = { siteId: 'home', cameraId: 'gate', log };
  const full = new LostLooks({ ...given, images, hasRoom: async () => false });
  const put = () => Promise.reject(new Error('the store is away'));
  const away = new LostLooks({ ...given, images: { ...images, put }, hasRoom: async () => true });
  for (const looks of [full, away]) {
    looks.take([{ trackId: 1, reason: 'blur', light: 'day', look: best }]);
    await looks.settled();
  }
  expect(await keys()).toEqual([]);
});

test('Lost looks are a place of their own, and those near a passage of a plate are erased with it', async () => {
  await using folder = await openFolder();
  const { images, keys } = folder;
  const figures = { reason: 'blur', charHeightPx: 10, sharpness: 0.1 };
  const put = async (camera: string, at: number) => {
    const key = lostKey({ site: 'home', camera }, { at, ...figures });
    await images.put(key, new Uint8Array(100), 'image/jpeg');
    return key;
  };
  const near = await put('gate', START + 50_000);
  const later = await put('gate', START + 70_000);
  const elsewhere = await put('yard', START);
  await images.put('home/gate/2026/03/01/other/1-plate.jpg', new Uint8Array(7), 'image/jpeg');
  const place = openLostLooksPlace({ images, cutoff: () => undefined });
  expect(await place.measure()).toEqual({ count: 3, bytes: 300 });
  const id = `${START.toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})/, '$1-')}-7000-8000-000000000001`;
  const traces = { folders: [`home/gate/2026/03/01/${id}`] } as unknown as Parameters<typeof place.erase>[0];
  expect(await place.find(traces)).toEqual({ count: 1, bytes: 100 });
  expect(await place.erase(traces)).toEqual({ count: 1, bytes: 100 });
  expect((await keys()).filter((key) => readLostKey(key))).toEqual([later, elsewhere].toSorted());
  expect(await images.get(near)).toBeUndefined();
});
