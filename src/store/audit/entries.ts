import type { ChainEnd, ChainedEntry } from '../../audit/chain.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';

type EndRow = Readonly<{ number: string; hash: Buffer }>;

/** The end of the chain as the database says it; with `lock`, nobody else appends until the transaction ends. */
export async function readEnd(sql: Pick<SqlSession, 'query'>, lock: '' | 'FOR UPDATE' = ''): Promise<ChainEnd> {
  const [row] = await sql.query<EndRow>(`SELECT number, hash FROM audit_head ${lock}`);
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

const AT_ONCE = 100;

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
