import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { syncFolder, writeDurably } from '../../src/base/durable-file.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-durable-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('A file is replaced by text or bytes, with the rights asked for and nothing left beside it', async () => {
  const file = join(folder, 'secret');
  await writeFile(file, 'an older and longer content', { mode: 0o644 });
  await writeDurably(file, 'text', 0o600);
  expect(await readFile(file, 'utf8')).toBe('text');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeDurably(file, new Uint8Array([0, 255, 10]));
  expect([...(await readFile(file))]).toEqual([0, 255, 10]);
  expect(await readdir(folder)).toEqual(['secret']);
});

test('A file that cannot get its name is an error and leaves nothing behind', async () => {
  await mkdir(join(folder, 'taken', 'by a folder'), { recursive: true });
  await expect(writeDurably(join(folder, 'taken'), 'text')).rejects.toThrow(/EISDIR|ENOTEMPTY|EPERM/);
  expect(await readdir(folder)).toEqual(['taken']);
});

test('Many writers of one file leave one whole content', async () => {
  const file = join(folder, 'shared');
  const contents = Array.from({ length: 40 }, (_, at) => `${at} `.repeat(5000));
  await Promise.all(contents.map((content) => writeDurably(file, content)));
  expect(contents).toContain(await readFile(file, 'utf8'));
  expect(await readdir(folder)).toEqual(['shared']);
});

test('A folder that is gone needs no syncing', async () => {
  await expect(syncFolder(join(folder, 'gone'))).resolves.toBeUndefined();
});
