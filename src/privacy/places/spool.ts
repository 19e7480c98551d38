import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Amount } from '../../contract/api/privacy.ts';
import { addAmounts, NOTHING, type Place, type Traces } from '../place.ts';
import { speaksOf } from './speaks-of.ts';

/** Files of the edge that hold one event each, and may go while it runs. */
const SINGLE = /\.(event|json|damaged)$/;
const HOUR_MS = 3_600_000;

/**
 * What an edge of this machine keeps on its disk: events on their way to the bus, those that the bus refused, and passages
 * that are still open. Its files are read, because the edge may be another process.
 */
export function openSpoolPlace(folder: string): Place {
  return {
    name: 'spool',
    what: 'files',
    note: 'The edge of this machine; those of others hold what the bus has not taken yet, which is refused when it comes',
    measure: () => addUp(folder, () => true),
    find: (traces) => addUp(folder, (bytes) => speaksOf(bytes, traces)),
    erase: (traces) => erase(folder, traces),
    // An edge removes its files within an hour after the bus has taken what is in them.
    staysUntil: (now) => new Date(now.getTime() + HOUR_MS),
  };
}

type File = Readonly<{ path: string; bytes: Uint8Array }>;

async function addUp(folder: string, counts: (bytes: Uint8Array) => boolean): Promise<Amount> {
  let sum = NOTHING;
  for await (const { bytes } of readFiles(folder)) {
    if (counts(bytes)) sum = addAmounts(sum, { count: 1, bytes: bytes.length });
  }
  return sum;
}

async function erase(folder: string, traces: Traces): Promise<Amount> {
  let sum = NOTHING;
  for await (const { path, bytes } of readFiles(folder)) {
    if (!SINGLE.test(path) || !speaksOf(bytes, traces)) continue;
    await rm(path, { force: true });
    sum = addAmounts(sum, { count: 1, bytes: bytes.length });
  }
  return sum;
}

/** One file at a time; none is larger than a segment of the spool. The edge may remove any of them meanwhile. */
async function* readFiles(folder: string): AsyncGenerator<File> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !/\.(spool|event|json|damaged)$/.test(path) || entry.name === 'position.json') continue;
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes) yield { path, bytes };
  }
}
