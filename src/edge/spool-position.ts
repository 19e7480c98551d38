import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Log } from '../base/log.ts';

const NAME = 'position.json';

/** Writes down up to which number the entries of a spool are acknowledged. Not synced: an older one is harmless. */
export async function savePosition(folder: string, acknowledged: number): Promise<void> {
  const path = join(folder, NAME);
  await writeFile(`${path}.new`, JSON.stringify({ acknowledged, sum: sumOf(acknowledged) }));
  await rename(`${path}.new`, path);
}

/** What was written down, or 0: then everything in the folder is handed out again, which consumers do not mind. */
export async function loadPosition(folder: string, log: Log): Promise<number> {
  try {
    const { acknowledged, sum } = JSON.parse(await readFile(join(folder, NAME), 'utf8'));
    // Version 0.1.0 wrote no sum.
    if (Number.isSafeInteger(acknowledged) && (sum === undefined || sum === sumOf(acknowledged))) return acknowledged;
    log.warn({ folder }, 'The position of the spool is damaged; everything in it is handed out again');
  } catch (error) {
    log.debug({ err: error }, 'The spool has no position yet; it begins at the first record');
  }
  return 0;
}

function sumOf(acknowledged: number): number {
  return crc32(String(acknowledged));
}
