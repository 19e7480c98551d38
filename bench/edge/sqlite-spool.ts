import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { SpoolEntry } from '../../src/edge/spool-reader.ts';

type PendingAppend = Readonly<{ payload: Uint8Array; done: () => void; fail: (error: unknown) => void }>;

/** Entries given up at once when the disk is full, about as many as a small segment file holds. */
const GIVEN_UP_AT_ONCE = 200;
const BALLAST_BYTES = 1_500_000;

/**
 * The spool as one table of SQLite, to be measured beside the spool's own files: an append is in a synced transaction before it
 * resolves, appends that meet share one; a sum for each entry, as SQLite has none for its pages.
 */
export class SqliteSpool implements Disposable {
  readonly #database: DatabaseSync;
  readonly #ballast: string;
  #nextId: number;
  #queue: PendingAppend[] = [];
  givenUp = 0;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#ballast = join(folder, 'ballast');
    writeFileSync(this.#ballast, Buffer.alloc(BALLAST_BYTES));
    this.#database = new DatabaseSync(join(folder, 'spool.db'));
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 200;
      CREATE TABLE IF NOT EXISTS entries (id INTEGER PRIMARY KEY, payload BLOB NOT NULL, sum INTEGER NOT NULL)`);
    this.#nextId = 1 + Number(this.#database.prepare('SELECT max(id) AS last FROM entries').get()?.last ?? 0);
  }

  append(payload: Uint8Array): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (this.#queue.length === 0) setImmediate(() => this.#writeQueue());
    this.#queue.push({ payload, done: resolve, fail: reject });
    return promise;
  }

  peek(most: number): readonly SpoolEntry[] {
    const rows = this.#database.prepare('SELECT id, payload, sum FROM entries ORDER BY id LIMIT ?').all(most);
    return rows.flatMap((row) => toEntry(row));
  }

  /** Not synced, like the position of the spool: what comes back is handed out again. */
  acknowledge(id: number): void {
    this.#database.exec('PRAGMA synchronous = NORMAL');
    this.#database.prepare('DELETE FROM entries WHERE id <= ?').run(id);
    this.#database.exec('PRAGMA synchronous = FULL');
  }

  /** How many of the entries numbered 1 to `count` are whole, looked up one by one, as reading in order ends at a damaged page. */
  countWhole(count: number): number {
    const look = this.#database.prepare('SELECT id, payload, sum FROM entries WHERE id = ?');
    let whole = 0;
    for (let id = 1; id <= count; id += 1) {
      try {
        const row = look.get(id);
        if (row) whole += toEntry(row).length;
      } catch {
        // A page on the way to the entry is damaged.
      }
    }
    return whole;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #writeQueue(): void {
    const batch = this.#queue;
    this.#queue = [];
    try {
      this.#writeMakingRoom(batch);
      for (const { done } of batch) done();
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }

  #writeMakingRoom(batch: readonly PendingAppend[]): void {
    while (true) {
      try {
        this.#write(batch);
        return;
      } catch (error) {
        if (!(error instanceof Error && /full|disk I\/O/.test(error.message))) throw error;
        this.#giveUpOldest(error);
      }
    }
  }

  #write(batch: readonly PendingAppend[]): void {
    const insert = this.#database.prepare('INSERT INTO entries (id, payload, sum) VALUES (?, ?, ?)');
    this.#database.exec('BEGIN');
    try {
      for (const [at, { payload }] of batch.entries()) insert.run(this.#nextId + at, payload, crc32(payload));
      this.#database.exec('COMMIT');
      this.#nextId += batch.length;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** A deletion is written ahead and needs room itself: a file of zeros is kept for it, and made anew from what it frees. */
  #giveUpOldest(full: Error): void {
    truncateSync(this.#ballast);
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const oldest = 'SELECT id FROM entries ORDER BY id LIMIT ?';
    const given = this.#database.prepare(`DELETE FROM entries WHERE id IN (${oldest})`).run(GIVEN_UP_AT_ONCE).changes;
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    if (given === 0) throw full;
    this.givenUp += Number(given);
    writeFileSync(this.#ballast, Buffer.alloc(BALLAST_BYTES));
  }
}

function toEntry({ id, payload, sum }: Record<string, SQLOutputValue>): SpoolEntry[] {
  return payload instanceof Uint8Array && crc32(payload) === sum ? [{ id: Number(id), payload }] : [];
}
