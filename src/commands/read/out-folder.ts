import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AlprError } from '../../base/errors.ts';
import { makeFolder } from '../../base/make-folder.ts';

/** A folder for results, in which no file is ever overwritten. */
export interface OutFolder {
  /** Writes `<name>.jpg`, or `<name>-2.jpg` and so on where that exists, and gives the path. */
  keep(name: string, jpeg: Uint8Array): Promise<string>;
}

/** Opens a folder, made where it is missing. INPUT_INVALID when it cannot be. */
export async function openOutFolder(path: string): Promise<OutFolder> {
  await makeFolder(resolve(path)).catch((cause: Error) => {
    const message = `Expected a folder that can be written at ${path}: ${cause.message}. Name another one.`;
    throw new AlprError('INPUT_INVALID', message, { cause });
  });
  return {
    async keep(name, jpeg) {
      for (let number = 1; ; number++) {
        const file = join(path, `${name}${number === 1 ? '' : `-${number}`}.jpg`);
        if (await create(file, jpeg)) return file;
      }
    },
  };
}

async function create(file: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await writeFile(file, bytes, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
