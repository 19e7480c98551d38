import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those it lies in, unless they are there. Node's own `recursive` never ends where a system refuses a
 * folder by saying that its parent does not exist, as below /proc.
 */
export async function makeFolder(folder: string, options: Readonly<{ mode?: number }> = {}): Promise<void> {
  const path = resolve(folder);
  try {
    await mkdir(path, options);
  } catch (error) {
    if (await isFolder(path)) return;
    const parent = dirname(path);
    const lacksParent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!lacksParent || parent === path) throw error;
    await makeFolder(parent, options);
    await makeLast(path, options);
  }
}

/** Another process may have made it in the meantime. */
async function makeLast(path: string, options: Readonly<{ mode?: number }>): Promise<void> {
  await mkdir(path, options).catch(async (error: unknown) => {
    if (!(await isFolder(path))) throw error;
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
