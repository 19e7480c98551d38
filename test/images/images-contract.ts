import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Images } from '../../src/images/images.ts';

const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 1, 2, 3, 0xff, 0xd9]);
const REFUSED = [
  '',
  '/a.jpg',
  'a//b.jpg',
  'a/',
  '../a.jpg',
  'a/../b.jpg',
  'a/./b.jpg',
  '.hidden',
  'A.jpg',
  'a b.jpg',
  'a\\b.jpg',
  'a\0.jpg',
  'ä.jpg',
  'a%2fb.jpg',
  'c:/a.jpg',
  `${'a'.repeat(600)}.jpg`,
];

/** What every image store must do. */
export function testImages(name: string, open: () => Promise<Images>): void {
  describe(`Images: ${name}`, () => {
    let images: Images;
    beforeAll(async () => {
      images = await open();
    });
    afterAll(() => images[Symbol.asyncDispose]());

    test('answers while it can store', async () => {
      expect(await images.ping()).toBeUndefined();
    });

    test('gives back the bytes and the content type of what was put', async () => {
      await images.put('site/cam-1/2026/11/21/id_1/plate.jpg', JPEG, 'image/jpeg');
      const found = await images.get('site/cam-1/2026/11/21/id_1/plate.jpg');
      expect(found?.contentType).toBe('image/jpeg');
      expect(Buffer.from(found?.bytes ?? []).equals(JPEG)).toBe(true);
    });

    test('a second put replaces the first', async () => {
      await images.put('twice.jpg', JPEG, 'image/jpeg');
      await images.put('twice.jpg', new Uint8Array([9]), 'image/jpeg');
      expect([...((await images.get('twice.jpg'))?.bytes ?? [])]).toEqual([9]);
    });

    test('what is not there is undefined, and removing it is no error', async () => {
      expect(await images.get('nowhere/at/all.jpg')).toBeUndefined();
      expect(await images.get('twice.jpg/below-a-file.jpg')).toBeUndefined();
      await images.remove('nowhere/at/all.jpg');
    });

    test('what was removed is gone', async () => {
      await images.put('gone.jpg', JPEG, 'image/jpeg');
      await images.remove('gone.jpg');
      expect(await images.get('gone.jpg')).toBeUndefined();
    });

    test('lists every picture with its size and time, and no other', async () => {
      const keys = ['listed/a/1-plate.jpg', 'listed/a/1-frame.jpg', 'listed/b-2.jpg'];
      for (const key of keys) await images.put(key, JPEG, 'image/jpeg');
      const found = (await Array.fromAsync(images.list())).filter(({ key }) => key.startsWith('listed/'));
      expect(found.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
      expect(new Set(found.map(({ bytes }) => bytes))).toEqual(new Set([JPEG.length]));
      for (const { storedAt } of found) expect(Math.abs(Date.now() - storedAt.getTime())).toBeLessThan(60_000);
    });

    test('many writers of one key leave one whole picture', async () => {
      const pictures = Array.from({ length: 20 }, (_, index) => new Uint8Array(50_000).fill(index));
      await Promise.all(pictures.map((bytes) => images.put('raced.jpg', bytes, 'image/jpeg')));
      const bytes = (await images.get('raced.jpg'))?.bytes ?? new Uint8Array();
      expect(bytes.length).toBe(50_000);
      expect(new Set(bytes).size).toBe(1);
    });

    test.each(REFUSED)('refuses the key %j in every method', async (key) => {
      const refusal = { code: 'IMAGE_KEY_INVALID' };
      await expect(images.put(key, JPEG, 'image/jpeg')).rejects.toMatchObject(refusal);
      await expect(images.get(key)).rejects.toMatchObject(refusal);
      await expect(images.remove(key)).rejects.toMatchObject(refusal);
      await expect(images.link(key)).rejects.toMatchObject(refusal);
    });
  });
}
