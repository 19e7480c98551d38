import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** A built page in a folder of its own, removed when disposed. */
export type BuiltPage = Readonly<{ folder: string }> & AsyncDisposable;

/** Builds the page as `npm run build:page` does, so that no test sees an old one and none disturbs another. */
export async function buildPage(): Promise<BuiltPage> {
  const folder = await mkdtemp(join(tmpdir(), 'ovr-alpr-page-'));
  const root = fileURLToPath(new URL('../../src/web/', import.meta.url));
  await build({ root, logLevel: 'warn', build: { outDir: folder, emptyOutDir: true, manifest: 'manifest.json' } });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
