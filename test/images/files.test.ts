import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openFileImages } from '../../src/images/files.ts';
import { testImages } from './images-contract.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'alpr-images-'));

afterAll(() => rmSync(folder, { recursive: true }));

testImages('files', () => openFileImages(path.join(folder, 'made', 'on', 'demand')));

test('No unfinished file is left behind, also where writing failed', async () => {
  const images = await openFileImages(folder);
  await images.put('blocked', new Uint8Array([1]), 'image/jpeg');
  await expect(images.put('blocked/below.jpg', new Uint8Array([1]), 'image/jpeg')).rejects.toThrow('blocked');
  const names = readdirSync(folder, { recursive: true }).map(String);
  expect(names.filter((name) => name.includes('.part'))).toEqual([]);
});

test('Folders go with their last picture, also while others are written into them', async () => {
  const own = path.join(folder, 'emptied');
  const images = await openFileImages(own);
  const kept = new Set<string>();
  const work = Array.from({ length: 400 }, async (_, index) => {
    const key = `site/cam/${index % 3}/${index}-plate.jpg`;
    await images.put(key, new Uint8Array([index % 256]), 'image/jpeg');
    if (index % 100 === 0) kept.add(key);
    else await images.remove(key);
  });
  await Promise.all(work);
  for (const key of kept) expect(await images.get(key)).toBeDefined();
  for (const key of kept) await images.remove(key);
  expect(readdirSync(own)).toEqual([]);
});

test('A picture is written however many of the folders above it go at the same time', async () => {
  const images = await openFileImages(path.join(folder, 'vanishing'));
  const take = async (name: string) => {
    for (let round = 0; round < 300; round++) {
      const key = `site/cam/${name}.jpg`;
      const others = [`site/cam/${round}.jpg`, `site/cam/${round}-other.jpg`];
      await Promise.all([
        images.put(key, new Uint8Array([1]), 'image/jpeg'),
        ...others.map((other) => images.remove(other)),
      ]);
      await images.remove(key);
    }
  };
  await Promise.all(['a', 'b', 'c', 'd'].map(take));
}, 60_000);
