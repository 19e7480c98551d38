import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../base/durable-file.ts';
import type { Log } from '../base/log.ts';

/**
 * The schemas of one registry by number, kept on disk so that a start needs no registry. A registered schema never
 * changes.
 */
export class SchemaCache {
  readonly #file: string;
  readonly #folder: string;
  readonly #log: Log;
  #schemas = new Map<number, string>();

  private constructor(folder: string, url: string, log: Log) {
    this.#folder = folder;
    this.#file = join(folder, `${createHash('sha256').update(url).digest('hex').slice(0, 16)}.json`);
    this.#log = log;
  }

  /** Opens the cache of the registry at `url`; a file that cannot be read counts as empty. */
  static async open({ folder, url, log }: Readonly<{ folder: string; url: string; log: Log }>): Promise<SchemaCache> {
    const cache = new SchemaCache(folder, url, log);
    try {
      const kept: unknown = JSON.parse(await readFile(cache.#file, 'utf8'));
      for (const [number, schema] of Object.entries(Object(kept))) cache.#schemas.set(Number(number), String(schema));
    } catch (error) {
      log.debug({ err: error }, 'no schemas are stored yet');
    }
    return cache;
  }

  schemaOf(number: number): string | undefined {
    return this.#schemas.get(number);
  }

  /** The newest number of exactly this schema. */
  numberOf(schema: string): number | undefined {
    return [...this.#schemas].findLast(([, kept]) => kept === schema)?.[0];
  }

  /**
   * Keeps a schema. If the number stood for another schema, the registry was set up anew, and everything else is
   * forgotten.
   */
  async keep(number: number, schema: string): Promise<void> {
    const known = this.#schemas.get(number);
    if (known === schema) return;
    if (known !== undefined) this.#schemas.clear();
    for (const [other, kept] of this.#schemas) if (kept === schema) this.#schemas.delete(other);
    this.#schemas.set(number, schema);
    await this.#save();
  }

  async #save(): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeDurably(this.#file, JSON.stringify(Object.fromEntries(this.#schemas)));
    } catch (error) {
      this.#log.warn({ err: error, file: this.#file }, 'schemas cannot be stored for a start without the registry');
    }
  }
}
