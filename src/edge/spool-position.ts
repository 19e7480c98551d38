import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Log } from '../base/log.ts';

const NAME = 'position.json';

/** Each position overwrites the one before it with the same number of bytes. */
const BYTES = 64;

/**
 * The number up to which a spool is acknowledged, in a file that is overwritten in place, because a rename would wait
 * for the disk each time. It is not synced but has a checksum: with an older position, or none, entries are handed out
 * again, which consumers tolerate.
 */
export class SpoolPosition implements AsyncDisposable {
  readonly #file: FileHandle;
  /** What an earlier run wrote; 0 if nothing can be read. */
  readonly known: number;

  private constructor(file: FileHandle, known: number) {
    this.#file = file;
    this.known = known;
  }

  static async open(folder: string, log: Log): Promise<SpoolPosition> {
    const path = join(folder, NAME);
    const file = await open(path, 'r+').catch(() => open(path, 'w+'));
    const text = await file.readFile('utf8');
    const known = parsePosition(text);
    if (known !== undefined) return new SpoolPosition(file, known);
    if (text !== '') log.warn({ path }, 'the position of the spool is damaged; everything in it is sent again');
    await file.truncate(0);
    return new SpoolPosition(file, 0);
  }

  async save(acknowledged: number): Promise<void> {
    const text = JSON.stringify({ acknowledged, sum: sumOf(acknowledged) });
    await this.#file.write(`${text.padEnd(BYTES - 1)}\n`, 0);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close();
  }
}

/** The number up to which the spool in a folder is acknowledged, also while an edge runs; 0 where nothing says so. */
export async function readPosition(folder: string): Promise<number> {
  const text = await readFile(join(folder, NAME), 'utf8').catch(() => '');
  return parsePosition(text) ?? 0;
}

/** Version 0.1.0 wrote no checksum. */
function parsePosition(text: string): number | undefined {
  try {
    const { acknowledged, sum } = JSON.parse(text);
    return Number.isSafeInteger(acknowledged) && (sum === undefined || sum === sumOf(acknowledged))
      ? acknowledged
      : undefined;
  } catch {
    return undefined;
  }
}

function sumOf(acknowledged: number): number {
  return crc32(String(acknowledged));
}
