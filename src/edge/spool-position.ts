import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Log } from '../base/log.ts';

const NAME = 'position.json';

/** Every position is written over the one before it, as many bytes each. */
const BYTES = 64;

/**
 * Up to which number the entries of a spool are acknowledged, in a file that is written in place: renaming would wait for
 * the disk each time. Not synced, and checked by a sum: an older position, or none, has entries handed out again, which
 * consumers do not mind.
 */
export class SpoolPosition implements AsyncDisposable {
  readonly #file: FileHandle;
  /** What an earlier run wrote down; 0 where nothing can be read. */
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

/** Version 0.1.0 wrote no sum. */
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
