import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** How a store is filled; `goesOn` where it takes up what an earlier run that was stopped has begun. */
export type Filling = Readonly<{ folder: string | undefined; goesOn: boolean; fill: () => Promise<void> }>;

/**
 * Fills a store once: where it stays in a folder, it is found filled there the next time, so that what is asked of it can be
 * measured again. Throws where half of one is there that cannot be gone on with; without a folder it is filled each time.
 */
export async function fillOnce({ folder, goesOn, fill }: Filling): Promise<void> {
  if (folder === undefined) return fill();
  const [begun, filled] = [path.join(folder, 'filling'), path.join(folder, 'filled')];
  if (await isThere(filled)) return;
  if (!goesOn && (await isThere(begun))) {
    throw new Error(`Expected a filled store in ${folder}, half of one is there; delete it`);
  }
  await mkdir(folder, { recursive: true });
  await writeFile(begun, '');
  await fill();
  await rename(begun, filled);
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
