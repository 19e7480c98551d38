import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ImageEntry, Images } from './images.ts';
import { checkImageKey, isImageKey } from './key.ts';

const TYPES: Readonly<Record<string, string>> = { '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png' };

/** The content type that the ending of a key stands for. */
export function contentTypeOf(key: string): string {
  return TYPES[path.extname(key)] ?? 'application/octet-stream';
}

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
      const bytes = await ifThere(() => readFile(fileOf(key)));
      return bytes && { bytes, contentType: contentTypeOf(key) };
    },
    remove: async (key) => rm(fileOf(key), { force: true }),
    list: () => listFiles(folder),
    link: async (key) => {
      checkImageKey(key);
      return undefined;
    },
    linkOrigin: undefined,
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

/** Files whose paths are no keys (those that are being written among them) are not listed. */
async function* listFiles(folder: string, below = ''): AsyncGenerator<ImageEntry> {
  for (const entry of (await ifThere(() => readdir(path.join(folder, below), { withFileTypes: true }))) ?? []) {
    const key = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!isImageKey(key)) continue;
    if (entry.isDirectory()) yield* listFiles(folder, key);
    const found = entry.isFile() ? await ifThere(() => stat(path.join(folder, key))) : undefined;
    if (found) yield { key, bytes: found.size, storedAt: found.mtime };
  }
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

async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}
