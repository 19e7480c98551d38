import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';

/** The folder with a built page. */
export type PageFolder = Readonly<{ folder: string }>;

/** Builds the page as `npm run build:page` does, in a folder of its own that is removed when disposed. */
export async function startPage(): Promise<PageFolder & AsyncDisposable> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ovr-alpr-page-'));
  const root = path.resolve(import.meta.dirname, '..', '..', 'src', 'web');
  await build({ root, logLevel: 'warn', build: { outDir: folder, emptyOutDir: true, manifest: 'manifest.json' } });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
