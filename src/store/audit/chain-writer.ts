import { appendLinks, type ChainEnd, type Link } from '../../audit/chain.ts';
import { type PlateCipher, sealPlate } from '../../audit/plate-cipher.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';
import type { AuditEntry } from '../../identity/audit-entry.ts';
import { readEnd } from './entries.ts';
import { type NewPlateKey, preparePlateKeys } from './plate-keys.ts';

const DUPLICATE = '23505';

/** Nothing is written unless the chain still ends where these entries follow. */
const APPEND = `WITH moved AS (UPDATE audit_head SET number = $1, hash = decode($2, 'hex')
    WHERE number = $3 AND hash = decode($4, 'hex') RETURNING number),
  keyed AS (INSERT INTO audit_plate_keys (id, plate_hash, wrapped)
    SELECT made.* FROM moved, unnest($5::uuid[], $6::bytea[], $7::bytea[]) AS made)
  INSERT INTO audit_entries (number, at, plate_keys, hash, entry)
    SELECT made.number, at, keys::uuid[], decode(hash, 'hex'), entry::json
    FROM moved, unnest($8::bigint[], $9::timestamptz[], $10::text[], $11::text[], $12::text[])
      AS made (number, at, keys, hash, entry)
  RETURNING 1`;

/**
 * Appends entries to the one chain of a database. Alone it needs one statement, because it knows the end; when another process
 * has appended in the meantime, it locks the end and reads it.
 */
export class ChainWriter {
  readonly #sql: Sql;
  readonly #cipher: PlateCipher;
  /** As this process wrote it; undefined while others write, too. */
  #end: ChainEnd | undefined;

  constructor(sql: Sql, cipher: PlateCipher) {
    this.#sql = sql;
    this.#cipher = cipher;
  }

  /** Resolves when they are on the disk, in their order. One call at a time. */
  async append(entries: readonly AuditEntry[]): Promise<void> {
    const last = this.#end;
    this.#end = undefined;
    const own = last && (await this.#tryAfter(last, entries));
    this.#end = own ?? (await this.#sql.transaction((session) => this.#appendLocked(session, entries)));
  }

  async #tryAfter(end: ChainEnd, entries: readonly AuditEntry[]): Promise<ChainEnd | undefined> {
    try {
      return await this.#appendAfter(this.#sql, end, entries);
    } catch (error) {
      // Another process has made a key for the same plate.
      if (error instanceof Error && 'code' in error && error.code === DUPLICATE) return undefined;
      throw error;
    }
  }

  async #appendLocked(session: SqlSession, entries: readonly AuditEntry[]): Promise<ChainEnd> {
    const end = await this.#appendAfter(session, await readEnd(session, 'FOR UPDATE'), entries);
    if (!end) throw new Error('expected nobody else to append while the end is locked');
    return end;
  }

  /** The new end; undefined when the chain has another one by now. */
  async #appendAfter(
    sql: Pick<SqlSession, 'query'>,
    end: ChainEnd,
    entries: readonly AuditEntry[],
  ): Promise<ChainEnd | undefined> {
    const plates = entries.flatMap((entry) => entry.plates);
    const { keyOf, made } = await preparePlateKeys(sql, this.#cipher, plates);
    const links = appendLinks(end, entries, (plate) => ({
      key: keyOf(plate).id,
      sealed: sealPlate(plate, keyOf(plate)),
    }));
    const last = links.at(-1);
    if (!last) return end;
    const next = { number: last.entry.number, hash: last.hash };
    const values = [next.number, next.hash, end.number, end.hash, ...toColumns(links, made)];
    const written = await sql.query(APPEND, values, 'append-audit');
    return written.length > 0 ? next : undefined;
  }
}

function toColumns(links: readonly Link[], made: readonly NewPlateKey[]): readonly unknown[] {
  return [
    made.map(({ id }) => id),
    made.map(({ hash }) => hash),
    made.map(({ wrapped }) => wrapped),
    links.map(({ entry }) => entry.number),
    links.map(({ entry }) => entry.at),
    links.map(({ entry }) => `{${entry.plates.map(({ key }) => key).join(',')}}`),
    links.map(({ hash }) => hash),
    links.map(({ text }) => text),
  ];
}
