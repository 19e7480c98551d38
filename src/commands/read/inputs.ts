import { glob, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AlprError } from '../../base/errors.ts';
import { PICTURES } from '../../camera/pictures.ts';
import { VIDEOS } from '../../camera/video-file.ts';

export type Input = Readonly<{ path: string; kind: 'picture' | 'video' }>;

/**
 * The pictures and videos that files, folders (with their sub-folders) and globs name, in order, each once. A folder or
 * glob without any is an error (NOT_FOUND); a file that is named itself is taken whatever its ending.
 */
export async function findInputs(names: readonly string[]): Promise<readonly Input[]> {
  const inputs = new Map<string, Input>();
  for (const name of names) {
    for (const path of await expand(name)) inputs.set(path, { path, kind: kindOf(path) });
  }
  return [...inputs.values()];
}

async function expand(name: string): Promise<readonly string[]> {
  const found = await stat(name).catch(() => undefined);
  if (found?.isFile()) return [name];
  const paths = found?.isDirectory() ? await listFolder(name) : await Array.fromAsync(glob(name));
  const usable = paths.filter((path) => hasKnownEnding(path)).sort();
  if (usable.length > 0) return usable;
  const what = found ? `The folder ${name} holds no` : `There is no file, folder or match of "${name}" with`;
  throw new AlprError(
    'NOT_FOUND',
    `${what} pictures (${[...PICTURES].join(' ')}) or videos (${[...VIDEOS].join(' ')})`,
  );
}

async function listFolder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function hasKnownEnding(path: string): boolean {
  const ending = extname(path).toLowerCase();
  return PICTURES.has(ending) || VIDEOS.has(ending);
}

function kindOf(path: string): Input['kind'] {
  return VIDEOS.has(extname(path).toLowerCase()) ? 'video' : 'picture';
}
