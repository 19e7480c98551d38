import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Images } from './images.ts';
import { checkImageKey } from './key.ts';

const TYPES: Readonly<Record<string, string>> = { '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png' };

/** Pictures as files below `folder`; the name's ending gives the content type. A picture is there whole or not at all. */
export async function openFileImages(folder: string): Promise<Images> {
  await mkdir(folder, { recursive: true });
  const fileOf = (key: string) => {
    checkImageKey(key);
    return path.join(folder, ...key.split('/'));
  };
  return {
    put: async (key, bytes) => writeWhole(fileOf(key), bytes),
    get: async (key) => {
      const bytes = await readIfThere(fileOf(key));
      return bytes && { bytes, contentType: TYPES[path.extname(key)] ?? 'application/octet-stream' };
    },
    remove: async (key) => rm(fileOf(key), { force: true }),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** The bytes are on the disk before they get the name; then the folder is written, which holds the name. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  const part = path.join(folder, `.${randomUUID()}.part`);
  try {
    await syncing(part, 'wx', (handle) => handle.writeFile(bytes));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  if (process.platform !== 'win32') await syncing(folder, 'r', async () => {});
}

async function syncing(
  file: string,
  flags: string,
  work: (handle: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> {
  await using handle = await open(file, flags, 0o640);
  await work(handle);
  await handle.sync();
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}
