import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openKeyFile } from '../../src/identity/key-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-key-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('processes that start at once have one key, for its owner alone, and it opens what it sealed', async () => {
  const file = join(folder, 'new', 'sign-in.key');
  const opened = await Promise.all(Array.from({ length: 8 }, () => openKeyFile(file)));
  expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const sealed = opened[0]?.seal(Buffer.from('secret')) ?? Buffer.of();
  expect(sealed.toString('latin1')).not.toContain('secret');
  expect((await openKeyFile(file)).unseal(sealed).toString()).toBe('secret');
  sealed[14] = (sealed[14] ?? 0) ^ 1;
  expect(() => opened[0]?.unseal(sealed)).toThrow(/put the file back/);
});

test('a key that others may read, or that is none, is refused', async () => {
  const file = join(folder, 'open.key');
  await openKeyFile(file);
  await chmod(file, 0o640);
  await expect(openKeyFile(file)).rejects.toThrow(`chmod 600 ${file}`);
  const short = join(folder, 'short.key');
  await writeFile(short, 'short', { mode: 0o600 });
  await expect(openKeyFile(short)).rejects.toThrow('Expected 32 bytes');
});
