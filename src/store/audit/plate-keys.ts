import { randomUUID } from 'node:crypto';
import type { ChainedEntry } from '../../audit/chain.ts';
import { openPlate, type PlateCipher, type PlateKey } from '../../audit/plate-cipher.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';

type KeyRow = Readonly<{ id: string; plate_hash: Buffer; wrapped: Buffer }>;

/** A key that was made and is not stored yet. */
export type NewPlateKey = Readonly<{ id: string; hash: Buffer; wrapped: Buffer }>;

type PlateKeys = Readonly<{ keyOf: (plate: string) => PlateKey; made: readonly NewPlateKey[] }>;

/** The key of each plate, and those that had to be made for that: they are to be stored together with what they encrypt. */
export async function preparePlateKeys(
  sql: Pick<SqlSession, 'query'>,
  cipher: PlateCipher,
  plates: readonly string[],
): Promise<PlateKeys> {
  const hashes = new Map([...new Set(plates)].map((plate) => [plate, cipher.hashPlate(plate).toString('hex')]));
  const wanted = [...new Set(hashes.values())];
  const known = new Map<string, PlateKey>();
  const rows = wanted.length > 0 ? await findKeys(sql, wanted) : [];
  for (const row of rows) known.set(row.plate_hash.toString('hex'), cipher.unwrap(row.id, row.wrapped));
  const made: NewPlateKey[] = [];
  for (const hash of wanted.filter((one) => !known.has(one))) {
    const { key, wrapped } = cipher.createKey(randomUUID());
    known.set(hash, key);
    made.push({ id: key.id, hash: Buffer.from(hash, 'hex'), wrapped });
  }
  const keyOf = (plate: string) => {
    const key = known.get(hashes.get(plate) ?? '');
    if (!key) throw new Error('expected a plate whose key was asked for');
    return key;
  };
  return { keyOf, made };
}

/** The id of a plate's key; undefined when nobody asked for it, or the key was destroyed. */
export async function findPlateKey(sql: Sql, cipher: PlateCipher, plate: string): Promise<string | undefined> {
  const [row] = await findKeys(sql, [cipher.hashPlate(plate).toString('hex')]);
  return row?.id;
}

/**
 * Makes a plate unreadable in every entry of the audit, for good: its key is deleted, and the chain stays whole. Whether there
 * was one.
 */
export async function destroyPlateKey(sql: Pick<Sql, 'query'>, cipher: PlateCipher, plate: string): Promise<boolean> {
  const gone = await sql.query('DELETE FROM audit_plate_keys WHERE plate_hash = $1 RETURNING id', [
    cipher.hashPlate(plate),
  ]);
  return gone.length > 0;
}

/** The plates of entries as they can be read now: null where the key was destroyed. */
export async function readPlates(
  sql: Sql,
  cipher: PlateCipher,
  sealed: readonly ChainedEntry['plates'][number][],
): Promise<readonly (string | null)[]> {
  if (sealed.length === 0) return [];
  const rows = await sql.query<KeyRow>(
    'SELECT id, plate_hash, wrapped FROM audit_plate_keys WHERE id = ANY($1::uuid[])',
    [[...new Set(sealed.map(({ key }) => key))]],
  );
  const keys = new Map(rows.map(({ id, wrapped }) => [id, cipher.unwrap(id, wrapped)]));
  return sealed.map((one) => {
    const key = keys.get(one.key);
    return key ? openPlate(one.sealed, key) : null;
  });
}

/** The plates of some keys, as an entry has them; those that were destroyed are left out. */
export async function readPlateTexts(
  sql: Sql,
  cipher: PlateCipher,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query<{ entry: ChainedEntry }>(
    `SELECT entry FROM unnest($1::uuid[]) AS asked (id), LATERAL
       (SELECT entry FROM audit_entries WHERE plate_keys @> ARRAY[asked.id] AND plate_keys <> '{}' LIMIT 1) AS found`,
    [[...new Set(ids)]],
  );
  const sealed = rows.flatMap(({ entry }) => entry.plates);
  const texts = await readPlates(sql, cipher, sealed);
  return new Map(sealed.flatMap(({ key }, index) => (texts[index] == null ? [] : [[key, texts[index]] as const])));
}

function findKeys(sql: Pick<SqlSession, 'query'>, hashes: readonly string[]): Promise<readonly KeyRow[]> {
  return sql.query<KeyRow>('SELECT id, plate_hash, wrapped FROM audit_plate_keys WHERE plate_hash = ANY($1::bytea[])', [
    hashes.map((hash) => Buffer.from(hash, 'hex')),
  ]);
}
