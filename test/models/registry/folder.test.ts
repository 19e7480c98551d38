import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFolderStore } from '../../../src/models/registry/folder.ts';
import { testRegistry } from './registry-contract.ts';

testRegistry('folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'alpr-registry-'));
  return {
    store: openFolderStore(root),
    tamper: ({ model, version }, path, content) => writeFile(join(root, model, version, path), content),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
});

test('A folder that is not there yet has no versions, and a damaged state is named', async () => {
  const root = await mkdtemp(join(tmpdir(), 'alpr-registry-'));
  try {
    expect(await openFolderStore(join(root, 'later')).list()).toEqual([]);
    await mkdir(join(root, 'alpr-read'));
    await writeFile(join(root, 'alpr-read', 'state.json'), '{"aliases":{"champion":"../7"},"versions":{}}');
    await expect(openFolderStore(root).list()).rejects.toMatchObject({
      code: 'MODEL_REGISTRY_UNAVAILABLE',
      message: expect.stringContaining(join(root, 'alpr-read', 'state.json')),
    });
  } finally {
    await rm(root, { recursive: true });
  }
});

test('Two writers at once lose nothing', async () => {
  const root = await mkdtemp(join(tmpdir(), 'alpr-registry-'));
  try {
    await writeFile(join(root, 'file.txt'), 'x');
    const stores = [openFolderStore(root), openFolderStore(root)];
    const version = { model: 'both', folder: root, paths: ['file.txt'], description: '', tags: {} };
    const numbers = await Promise.all([...stores, ...stores].map((store) => store.add(version)));
    expect(numbers.toSorted()).toEqual(['1', '2', '3', '4']);
    await Promise.all(numbers.map((number, at) => stores[at % 2]?.setTags('both', number, { at: String(at) })));
    expect((await openFolderStore(root).list()).map(({ version, tags }) => [version, tags.at])).toEqual(
      numbers.toSorted().map((number) => [number, String(numbers.indexOf(number))]),
    );
  } finally {
    await rm(root, { recursive: true });
  }
});
