import { randomUUID } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Replaces a file by its new content, which is there whole or not at all, even after a loss of power: the bytes are on the disk
 * before they get the name, and resolving means that the name is on the disk too. The folder must exist.
 */
export async function writeDurably(file: string, content: string | Uint8Array, mode = 0o666): Promise<void> {
  const part = join(dirname(file), `.${randomUUID()}.part`);
  try {
    await writeFile(part, content, { flag: 'wx', mode, flush: true });
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Makes created, renamed and removed names of a folder durable; a folder that is gone holds none. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folder as a file, and NTFS keeps a journal of names.
  if (process.platform === 'win32') return;
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
