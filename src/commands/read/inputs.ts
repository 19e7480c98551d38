import { glob, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { PICTURES } from '../../camera/pictures.ts';
import { VIDEOS } from '../../camera/video-file.ts';

export type Input = Readonly<{ path: string; kind: 'picture' | 'video' }>;

/** What there is of the names given, and a sentence for each name that has nothing. */
type Found = Readonly<{ inputs: readonly Input[]; missing: readonly string[] }>;

/**
 * The pictures and videos that files, folders (with their sub-folders) and globs name, in order, each once. A file that is
 * named itself is taken whatever its ending.
 */
export async function findInputs(names: readonly string[]): Promise<Found> {
  const inputs = new Map<string, Input>();
  const missing: string[] = [];
  for (const name of names) {
    const paths = await expand(name);
    if (typeof paths === 'string') missing.push(paths);
    else for (const path of paths) inputs.set(path, { path, kind: kindOf(path) });
  }
  return { inputs: [...inputs.values()], missing };
}

/** The paths behind one name, or what is missing there. */
async function expand(name: string): Promise<readonly string[] | string> {
  const found = await stat(name).catch(() => undefined);
  if (found?.isFile()) return [name];
  const paths = found?.isDirectory() ? await listFolder(name) : await Array.fromAsync(glob(name));
  const usable = paths.filter((path) => hasKnownEnding(path)).sort();
  if (usable.length > 0) return usable;
  const what = found ? `The folder ${name} holds no` : `There is no file, folder or match of "${name}" with`;
  return `${what} pictures (${[...PICTURES].join(' ')}) or videos (${[...VIDEOS].join(' ')})`;
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
