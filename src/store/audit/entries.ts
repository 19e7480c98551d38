import { appendLinks, type ChainEnd, type ChainedEntry, type Link } from '../../audit/chain.ts';
import { type PlateCipher, sealPlate } from '../../audit/plate-cipher.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';
import type { AuditEntry } from '../../identity/audit-entry.ts';
import { takePlateKeys } from './plate-keys.ts';

type EndRow = Readonly<{ number: string; hash: Buffer }>;

/**
 * Appends entries to the chain in one transaction; it resolves when they are on the disk. Processes that append at the same
 * time wait for each other.
 */
export function appendEntries(sql: Sql, cipher: PlateCipher, entries: readonly AuditEntry[]): Promise<void> {
  return sql.transaction(async (session) => {
    const [row] = await session.query<EndRow>('SELECT number, hash FROM audit_head FOR UPDATE', [], 'audit-head');
    if (!row) throw new Error('expected the end of the chain in audit_head');
    const plates = entries.flatMap((entry) => entry.plates);
    const keyOf = plates.length > 0 ? await takePlateKeys(session, cipher, plates) : undefined;
    const links = appendLinks(toEnd(row), entries, (plate) => {
      const key = keyOf?.(plate);
      if (!key) throw new Error('expected the key of each plate');
      return { key: key.id, sealed: sealPlate(plate, key) };
    });
    await insertLinks(session, links);
  });
}

const INSERT = `WITH moved AS (UPDATE audit_head SET number = $5, hash = $6)
  INSERT INTO audit_entries (number, at, plate_keys, hash, entry)
  SELECT number, at, keys::uuid[], decode(hash, 'hex'), entry::json
  FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $7::text[]) AS new (number, at, keys, hash, entry)`;

async function insertLinks(session: SqlSession, links: readonly Link[]): Promise<void> {
  const last = links.at(-1);
  if (!last) return;
  await session.query(
    INSERT,
    [
      links.map(({ entry }) => entry.number),
      links.map(({ entry }) => entry.at),
      links.map(({ entry }) => `{${entry.plates.map(({ key }) => key).join(',')}}`),
      links.map(({ hash }) => hash),
      last.entry.number,
      Buffer.from(last.hash, 'hex'),
      links.map(({ text }) => text),
    ],
    'audit-append',
  );
}

/** The end of the chain as the database says it. */
export async function readEnd(sql: Pick<SqlSession, 'query'>): Promise<ChainEnd> {
  const [row] = await sql.query<EndRow>('SELECT number, hash FROM audit_head');
  if (!row) throw new Error('expected the end of the chain in audit_head');
  return toEnd(row);
}

function toEnd({ number, hash }: EndRow): ChainEnd {
  return { number: Number(number), hash: hash.toString('hex') };
}

/** The hash beside one entry; undefined when there is none. */
export async function readHash(sql: Sql, number: number): Promise<string | undefined> {
  const [row] = await sql.query<Pick<EndRow, 'hash'>>('SELECT hash FROM audit_entries WHERE number = $1', [number]);
  return row?.hash.toString('hex');
}

/** One entry as it is stored, with the number of its row. */
export type StoredLink = Readonly<{ place: number; hash: string; entry: ChainedEntry }>;

type StoredRow = Readonly<{ number: string; hash: Buffer; entry: ChainedEntry }>;

const AT_ONCE = 200;

/** The entries after one number up to another, in the order of their numbers. */
export async function* scanEntries(
  sql: Sql,
  { after, through }: Readonly<{ after: number; through: number }>,
): AsyncGenerator<StoredLink> {
  for (let last = after; ; ) {
    const rows = await sql.query<StoredRow>(
      'SELECT number, hash, entry FROM audit_entries WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3',
      [last, through, AT_ONCE],
    );
    for (const { number, hash, entry } of rows) {
      yield { place: Number(number), hash: hash.toString('hex'), entry };
      last = Number(number);
    }
    if (rows.length < AT_ONCE) return;
  }
}
