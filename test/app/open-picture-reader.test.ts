import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { openPictureReader } from '../../src/app/open-picture-reader.ts';
import { openVision } from '../../src/app/open-vision.ts';
import { createOpeners } from '../../src/app/resources.ts';
import { createLog } from '../../src/base/log.ts';
import { openFileImages } from '../../src/images/files.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { readCar } from '../api/read-fixture.ts';
import { openInProcessBus } from '../bus/open-in-process.ts';

test('Networks are loaded by the first picture, again after a failure, and health says so; what the bus refuses leaves no picture', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'alpr-reader-'));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(folder, { recursive: true }));
  const log = createLog({ level: 'silent' });
  const config = loadConfig({ environment: {}, settings: [] });
  const images = opened.use(await openFileImages(folder));
  // It takes no event until a group has subscribed that nobody is in.
  const bus = await openInProcessBus(['nobody']);
  let loads = 0;
  const reader = opened.use(
    openPictureReader({
      config,
      openVision: async () => {
        loads += 1;
        if (loads === 1) throw new Error('no weights');
        return opened.use(await openVision(config, log));
      },
      bus: async () => bus,
      images: async () => images,
      log,
    }),
  );
  const jpeg = await readCar();
  expect([loads, await reader.part.check()]).toEqual([0, { ok: true, kind: 'not loaded yet' }]);
  await expect(reader.read(jpeg)).rejects.toThrow('no weights');
  expect(await reader.part.check()).toMatchObject({ ok: false, message: expect.stringMatching(/cannot be loaded/) });
  const reads = await Promise.all([reader.read(jpeg), reader.read(jpeg)]);
  expect(reads.map(({ plates }) => plates[0]?.text_normalized)).toEqual(['34A36837', '34A36837']);
  expect([loads, await reader.part.check()]).toEqual([2, { ok: true, kind: 'cpu' }]);
  await expect(reads[0]?.publish({ camera: 'gate', at: Date.now() })).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
  });
  expect(await Array.fromAsync(images.list())).toEqual([]);
});

test('Pictures share the networks of cameras in the same process, and load their own, which are closed with it, without', async () => {
  const jpeg = await readCar();
  for (const takesPictures of [true, false]) {
    await using opened = new AsyncDisposableStack();
    const loaded: string[] = [];
    const lines = { write: (line: string) => void loaded.push(line), isTerminal: false, hasColours: false };
    const openers = createOpeners({
      config: loadConfig({ environment: {}, settings: [] }),
      command: 'trial',
      telemetry: new Telemetry(),
      log: createLog({ level: 'info', format: 'json' }, lines),
      requiredGroups: [],
      takesPictures,
      opened,
    });
    const countLoaded = () => loaded.filter((line) => line.includes('the network is loaded')).length;
    const pictures = await openers.pictures();
    if (takesPictures) await openers.vision();
    expect(countLoaded()).toBe(takesPictures ? 2 : 0);
    await using closing = opened.move();
    expect((await pictures.read(jpeg)).plates).toHaveLength(1);
    expect(countLoaded()).toBe(2);
    await closing.disposeAsync();
    await expect(pictures.read(jpeg)).rejects.toMatchObject({ code: 'INFERENCE_FAILED' });
  }
});
