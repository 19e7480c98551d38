import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createModelRegistry } from '../../../src/models/registry/create-registry.ts';
import { openFolderStore } from '../../../src/models/registry/folder.ts';
import { makeKey, makeSigned, trust } from './make-version.ts';
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

test.skipIf(process.platform === 'win32')('A pipe or a folder in the place of a file is no file', async () => {
  const root = await mkdtemp(join(tmpdir(), 'alpr-registry-'));
  try {
    const place = join(root, 'odd', '1');
    await mkdir(join(place, 'card.json'), { recursive: true });
    await promisify(execFile)('mkfifo', [join(place, 'signature.json')]);
    for (const path of ['signature.json', 'card.json']) {
      await expect(openFolderStore(root).read('odd', '1', path, 0)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  } finally {
    await rm(root, { recursive: true });
  }
});

test('A registry that was lost and filled anew is read anew by who knew the old one', async () => {
  const root = await mkdtemp(join(tmpdir(), 'alpr-registry-'));
  try {
    const key = makeKey();
    const longLived = createModelRegistry(openFolderStore(root), trust(key));
    await using one = await makeSigned('lost', Buffer.from('one'), key);
    const before = await longLived.register(one.folder);
    await rm(join(root, 'lost'), { recursive: true });
    await using two = await makeSigned('lost', Buffer.from('two'), key);
    const other = await createModelRegistry(openFolderStore(root), trust(key)).register(two.folder);
    expect(other.version).toBe(before.version);
    expect(await longLived.list()).toEqual([other]);
  } finally {
    await rm(root, { recursive: true });
  }
});

test('A rollback that is cut off and repeated does not go back to what was rolled back', async () => {
  const root = await mkdtemp(join(tmpdir(), 'alpr-registry-'));
  try {
    const key = makeKey();
    const store = openFolderStore(root);
    const registry = createModelRegistry(store, trust(key));
    for (const weights of ['one', 'two']) {
      await using made = await makeSigned('cut', Buffer.from(weights), key);
      const { version } = await registry.register(made.folder);
      await registry.setAlias('cut', 'champion', version);
    }
    for (const cutAfter of [0, 1, 2]) {
      let left = cutAfter;
      const cut =
        <T extends unknown[]>(work: (...given: T) => Promise<void>) =>
        async (...given: T) => {
          if (left-- <= 0) throw new Error('cut off');
          await work(...given);
        };
      const dying = { ...store, setAlias: cut(store.setAlias), setTags: cut(store.setTags) };
      await expect(createModelRegistry(dying, trust(key)).rollBack('cut')).rejects.toThrow('cut off');
      const repeated = await registry.rollBack('cut').catch((error: unknown) => error);
      // It is done, or there is nothing left to go back to.
      if (cutAfter < 2) expect(repeated).toMatchObject({ version: '1' });
      else expect(repeated).toMatchObject({ code: 'CONFLICT' });
      const champion = (await registry.list()).find(({ aliases }) => aliases.includes('champion'));
      expect(champion?.version).toBe('1');
      await registry.setAlias('cut', 'champion', '2');
    }
  } finally {
    await rm(root, { recursive: true });
  }
});

test('A promotion that was cut off after its alias is finished by the same one', async () => {
  const root = await mkdtemp(join(tmpdir(), 'alpr-registry-'));
  try {
    const key = makeKey();
    const store = openFolderStore(root);
    const registry = createModelRegistry(store, trust(key));
    await using made = await makeSigned('half', Buffer.from('one'), key);
    await registry.register(made.folder);
    await store.setAlias('half', 'champion', '1');
    await registry.setAlias('half', 'champion', '1');
    const [{ championAt } = { championAt: null }] = await registry.list();
    expect(championAt).not.toBeNull();
    await expect(registry.setAlias('half', 'champion', '1')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'Version 1 of half is already the champion; nothing has changed',
    });
    expect((await registry.list())[0]?.championAt).toBe(championAt);
  } finally {
    await rm(root, { recursive: true });
  }
});

test('The lock of another machine is waited for, and taken over once it is older than a change takes', async () => {
  const root = await mkdtemp(join(tmpdir(), 'alpr-registry-'));
  try {
    await mkdir(join(root, 'shared'));
    // A process of this number runs here, too: which is another one there.
    const lock = join(root, 'shared', '.in-use-by');
    await writeFile(lock, `${process.pid} elsewhere 7f9d`);
    const store = openFolderStore(root);
    let isDone = false;
    const changing = store.setAlias('shared', 'champion', '1').then(() => {
      isDone = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isDone).toBe(false);
    const old = new Date(Date.now() - 11_000);
    await utimes(lock, old, old);
    await changing;
    expect(await readdir(join(root, 'shared'))).toEqual(['state.json']);
    // Gone, as that of a process that is dead here would be: what another machine has just taken stays all the same.
    await writeFile(lock, '4194305 elsewhere 7f9d');
    const waiting = store.setAlias('shared', 'champion', '2');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await readFile(lock, 'utf8')).toContain('elsewhere');
    await rm(lock);
    await waiting;
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
