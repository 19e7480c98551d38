import { access, constants, readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { writeDurably } from '../base/durable-file.ts';
import { makeFolder } from '../base/make-folder.ts';
import { isImageKey } from '../contract/image-key.ts';
import type { ImageEntry, Images } from './images.ts';
import { checkImageKey } from './key.ts';

const MKDIR_ATTEMPTS = 10;
const TYPES: Readonly<Record<string, string>> = { '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png' };

/** The content type that the ending of a key stands for. */
export function contentTypeOf(key: string): string {
  return TYPES[extname(key)] ?? 'application/octet-stream';
}

/** Pictures as files in `folder`; the extension gives the content type. A picture is there completely or not at all. */
export async function openFileImages(folder: string): Promise<Images> {
  const root = resolve(folder);
  await makeFolder(root);
  const fileOf = (key: string) => {
    checkImageKey(key);
    return join(root, ...key.split('/'));
  };
  return {
    put: async (key, bytes) => writeWhole(fileOf(key), bytes),
    get: async (key) => {
      const bytes = await ifThere(() => readFile(fileOf(key)));
      return bytes && { bytes, contentType: contentTypeOf(key) };
    },
    remove: async (key) => {
      const file = fileOf(key);
      await rm(file, { force: true });
      await removeEmpty(dirname(file), root);
    },
    list: (below) => listFiles(root, below),
    ping: () => access(root, constants.W_OK),
    link: async (key) => {
      checkImageKey(key);
      return undefined;
    },
    linkOrigin: undefined,
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Removing another picture at the same time may remove the empty folder before this file exists. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await makeFolder(dirname(file));
      return await writeDurably(file, bytes, 0o640);
    } catch (error) {
      // EEXIST and ENOTDIR: a folder that was there when it was to be made, and gone when it was looked at again.
      const vanished = ['ENOENT', 'ENOTDIR', 'EEXIST'].includes(codeOf(error) ?? '');
      if (attempt === MKDIR_ATTEMPTS || !vanished) throw error;
    }
  }
}

/** Otherwise a folder for each event would stay for ever. */
async function removeEmpty(folder: string, root: string): Promise<void> {
  for (let at = folder; at !== root; at = dirname(at)) {
    try {
      await rmdir(at);
    } catch (error) {
      const code = codeOf(error) ?? '';
      if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EBUSY', 'EPERM'].includes(code)) return;
      if (code !== 'ENOENT') throw error;
    }
  }
}

/** Lists only files whose paths are keys, so not those that are still being written. */
async function* listFiles(folder: string, below = ''): AsyncGenerator<ImageEntry> {
  for (const entry of (await ifThere(() => readdir(join(folder, below), { withFileTypes: true }))) ?? []) {
    const key = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!isImageKey(key)) continue;
    if (entry.isDirectory()) yield* listFiles(folder, key);
    const found = entry.isFile() ? await ifThere(() => stat(join(folder, key))) : undefined;
    if (found) yield { key, bytes: found.size, storedAt: found.mtime };
  }
}

async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
