import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PictureMemory } from '../../src/camera/picture-memory.ts';
import { decodePicture } from '../../src/camera/pictures.ts';
import { testCamera } from './camera-contract.ts';
import { openWith, takeFrames } from './cameras.ts';

const TOLL_GATE = new URL('../fixtures/tollgate-115.jpg', import.meta.url).pathname;
const photograph = () => sharp(TOLL_GATE).extract({ left: 400, top: 300, width: 320, height: 241 });

let folder: string;
let broken: Buffer;

const create = (width: number, height: number, background = '#c00000') =>
  sharp({ create: { width, height, channels: 3, background } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const jpeg = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#000', noise } })
    .jpeg()
    .toBuffer();
  broken = jpeg.subarray(0, jpeg.length / 2);
});
afterAll(() => rm(folder, { recursive: true }));

describe('A decoded picture', () => {
  test('is packed RGB, as it was painted', async () => {
    const image = await decodePicture(await create(3, 2, '#102030').png().toBuffer());
    expect({ ...image, data: [...image.data] }).toEqual({
      kind: 'rgb24',
      width: 3,
      height: 2,
      data: Array.from({ length: 6 }, () => [16, 32, 48]).flat(),
    });
  });

  test('is turned as its EXIF orientation says', async () => {
    const image = await decodePicture(await create(40, 10).jpeg().withMetadata({ orientation: 6 }).toBuffer());
    expect([image.width, image.height]).toEqual([10, 40]);
  });

  test.for([
    ['grey', () => create(4, 4, '#808080').greyscale().png().toBuffer(), 128],
    ['16-bit', () => create(4, 4, '#808080').toColourspace('rgb16').png().toBuffer(), 128],
    ['transparent, on white', () => create(4, 4).ensureAlpha(0).png().toBuffer(), 255],
  ] as const)('has three channels when the file is %s', async ([, make, value]) => {
    const image = await decodePicture(await make());
    expect([...image.data]).toEqual(Array(48).fill(value));
  });

  test('may be one pixel', async () => {
    expect(await decodePicture(await create(1, 1).png().toBuffer())).toMatchObject({ width: 1, height: 1 });
  });

  test('is refused with its size when a side is too long', async () => {
    const wide = create(20_000, 10).png().toBuffer();
    await expect(decodePicture(await wide)).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
      message: expect.stringContaining(
        'has 20000×10 pixels; expected 1 to 16384 a side and at most 100 million in all',
      ),
    });
  });

  test('is refused when it has more than 100 million pixels', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="12000" height="12000"/>');
    await expect(decodePicture(svg)).rejects.toMatchObject({ code: 'IMAGE_INVALID', message: /12000×12000/ });
  });

  test.for([
    ['half a JPEG', () => broken],
    ['a text', () => Buffer.from('hello')],
    ['nothing', () => Buffer.alloc(0)],
  ] as const)('is refused when it is %s, by the name of its file', async ([name, bytes]) => {
    const path = join(folder, `${name}.bin`);
    await writeFile(path, bytes());
    await expect(decodePicture(path)).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
      message: expect.stringContaining(path),
    });
  });

  test.for([
    ['baseline', false],
    ['progressive', true],
  ] as const)(
    'is what there is of a %s JPEG that lacks its last hundredth, and says that it lacks it',
    async ([, progressive]) => {
      const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
      const painted = sharp({ create: { width: 300, height: 200, channels: 3, background: '#000', noise } });
      const jpeg = await painted.jpeg({ progressive }).toBuffer();
      const whole = await sharp(jpeg).raw().toBuffer();
      const cut = await decodePicture(jpeg.subarray(0, Math.floor(jpeg.length * 0.99)));
      expect(await decodePicture(jpeg)).not.toHaveProperty('missing');
      expect(cut).toMatchObject({ width: 300, height: 200 });
      expect(cut.missing).toBeLessThan(0.1);
      const upper = 300 * 150 * 3;
      if (!progressive) expect(Buffer.compare(cut.data.subarray(0, upper), whole.subarray(0, upper))).toBe(0);
    },
  );

  test.for([
    [0, [40, 10]],
    [90, [10, 40]],
    ['auto', [10, 40]],
  ] as const)('is turned by %s although its EXIF says by 90 degrees', async ([rotate, size]) => {
    const jpeg = await create(40, 10).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const { width, height } = await decodePicture(jpeg, rotate);
    expect([width, height]).toEqual(size);
  });

  test('has the time that its EXIF states, in the zone that it states', async () => {
    const exif = { IFD2: { DateTimeOriginal: '2025:11:29 10:15:30', OffsetTimeOriginal: '+01:00' } };
    const jpeg = await create(40, 10).jpeg().withExif(exif).toBuffer();
    const taken = { at: Date.UTC(2025, 10, 29, 9, 15, 30), zone: '+01:00', source: 'EXIF' };
    expect((await decodePicture(jpeg)).taken).toEqual(taken);
  });

  test.for([
    ['a plain JPEG', () => photograph().jpeg().toBuffer(), true],
    ['grey', () => photograph().greyscale().jpeg().toBuffer(), true],
    ['progressive', () => photograph().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(), true],
    [
      'with notes',
      () =>
        photograph()
          .withExif({ IFD0: { Software: 'x' } })
          .jpeg()
          .toBuffer(),
      false,
    ],
    ['with colours of its own', () => photograph().withIccProfile('p3').jpeg().toBuffer(), false],
    ['for print', () => photograph().toColourspace('cmyk').jpeg().toBuffer(), false],
    ['turned', () => photograph().withMetadata({ orientation: 6 }).jpeg().toBuffer(), false],
    ['no JPEG', () => photograph().png().toBuffer(), false],
  ] as const)('is what sharp makes of it when the file is %s', async ([, make, isInMemory]) => {
    const file = await make();
    const memory = new PictureMemory();
    const { data, width, height } = await decodePicture(file, 'auto', memory);
    const { data: expected, info } = await sharp(file)
      .autoOrient()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const depth = info.channels === 1 ? 3 : 1;
    expect([width, height]).toEqual([info.width, info.height]);
    const apart = data.reduce(
      (sum, value, at) => sum + Math.abs(value - (expected[Math.floor(at / depth)] ?? Number.NaN)),
      0,
    );
    expect(apart / data.length).toBeLessThan(2);
    memory.giveBack({ data });
    expect(memory.take(data.length).buffer === data.buffer).toBe(isInMemory);
  });

  test('reuses memory that another one has given back, and none that is still in use', async () => {
    const memory = new PictureMemory();
    const large = await decodePicture(await create(40, 30).jpeg().toBuffer(), 'auto', memory);
    const small = await decodePicture(await create(20, 10, '#00c000').jpeg().toBuffer(), 'auto', memory);
    expect(small.data.buffer).not.toBe(large.data.buffer);
    memory.giveBack(large);
    const next = await decodePicture(await create(20, 20, '#0000c0').jpeg().toBuffer(), 'auto', memory);
    expect(next.data.buffer).toBe(large.data.buffer);
    expect([next.data.length, ...next.data.subarray(-3)]).toEqual([1200, 0, 0, 192]);
  });

  test('is refused by name when the file is not there', async () => {
    await expect(decodePicture(join(folder, 'none.jpg'))).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
      message: /none\.jpg/,
    });
  });
});

testCamera('pictures', async () => {
  const path = join(folder, 'contract.png');
  await create(30, 20).png().toFile(path);
  return { fields: { path, loop: true }, [Symbol.asyncDispose]: async () => undefined };
});

describe('A folder of pictures as a camera', () => {
  test('hands out its pictures in order of their names and leaves out the broken one', async () => {
    const path = join(folder, 'road');
    await mkdir(path);
    await create(30, 20).png().toFile(join(path, 'car-10.png'));
    await create(20, 20).jpeg().toFile(join(path, 'car-9.JPG'));
    await create(10, 20).webp().toFile(join(path, 'car-11.webp'));
    await writeFile(join(path, 'car-8.jpg'), broken);
    await writeFile(join(path, 'labels.jsonl'), '{}');
    const { camera, log } = await openWith({ kind: 'pictures', path, fps: 5 });
    await using _ = camera;
    const { frames, error } = await takeFrames(camera);
    expect(error).toBeUndefined();
    expect(frames.map(({ image, mediaTime }) => [image.width, mediaTime])).toEqual([
      [20, 200],
      [30, 400],
      [10, 600],
    ]);
    expect(log.lines.join()).toMatch(/a picture is skipped .*car-8\.jpg.*IMAGE_INVALID/);
    expect(camera.state).toMatchObject({ state: 'ended', framesIn: 3 });
  });

  test('dates each by its EXIF, or else by its name', async () => {
    const path = join(folder, 'dated');
    await mkdir(path);
    const exif = { IFD2: { DateTimeOriginal: '2025:11:29 10:15:30', OffsetTimeOriginal: '+01:00' } };
    await create(30, 20).jpeg().withExif(exif).toFile(join(path, 'a.jpg'));
    await create(30, 20).png().toFile(join(path, 'gate_2025-11-29_12-00-00Z.png'));
    const { camera } = await openWith({ kind: 'pictures', path });
    await using _ = camera;
    const { frames } = await takeFrames(camera);
    const expected = [Date.UTC(2025, 10, 29, 9, 15, 30), Date.UTC(2025, 10, 29, 12)];
    expect(frames.map(({ capturedAt }) => capturedAt)).toEqual(expected);
  });

  test('is dated from its start, if that is given', async () => {
    const path = join(folder, 'started');
    await mkdir(path);
    for (const name of ['a.png', 'gate_2025-11-29_12-00-00Z.png']) await create(30, 20).png().toFile(join(path, name));
    const { camera } = await openWith({ kind: 'pictures', path, fps: 1, start: '2025-01-02T03:04:05Z' });
    await using _ = camera;
    const { frames } = await takeFrames(camera);
    const start = Date.UTC(2025, 0, 2, 3, 4, 5);
    expect(frames.map(({ capturedAt }) => capturedAt)).toEqual([start, start + 1000]);
  });

  test('takes one picture, or a list', async () => {
    const path = join(folder, 'one.png');
    await create(7, 5).png().toFile(path);
    const { camera } = await openWith({ kind: 'pictures', path: [path, path] });
    await using _ = camera;
    expect((await takeFrames(camera)).frames).toHaveLength(2);
  });

  test('begins again when it loops', async () => {
    const path = join(folder, 'again.png');
    await create(7, 5).png().toFile(path);
    const { camera } = await openWith({ kind: 'pictures', path, loop: true });
    await using _ = camera;
    expect((await takeFrames(camera, (taken) => taken.length === 5)).frames).toHaveLength(5);
  });

  test('says when there is nothing in it, or nothing at all', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    for (const [path, reason] of [
      [empty, /Expected pictures .* but found none/],
      [join(folder, 'nowhere'), /Expected a picture or a folder at/],
    ] as const) {
      const { camera } = await openWith({ kind: 'pictures', path });
      await using _ = camera;
      const { error } = await takeFrames(camera);
      expect(error).toMatchObject({ code: 'NOT_FOUND', message: reason });
      expect(camera.state.state).toBe('failed');
    }
  });

  test('fails when none of its pictures can be decoded', async () => {
    const path = join(folder, 'bad.jpg');
    await writeFile(path, broken);
    const { camera } = await openWith({ kind: 'pictures', path, loop: true });
    await using _ = camera;
    expect((await takeFrames(camera)).error).toMatchObject({ code: 'IMAGE_INVALID' });
  });
});
