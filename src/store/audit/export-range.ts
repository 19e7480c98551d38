import type { ChainEnd } from '../../audit/chain.ts';
import { CHAIN_START } from '../../audit/chain.ts';
import type { Sql } from '../../db/sql.ts';
import { findStart } from './cut.ts';
import { readEnd, readHash } from './entries.ts';

type Span = Readonly<{ from?: Date | undefined; to?: Date | undefined }>;

/** The part of the chain that has all entries of a span of time: the entry before the first one, and the last one. */
export async function findRange(sql: Sql, { from, to }: Span): Promise<Readonly<{ start: ChainEnd; end: ChainEnd }>> {
  const start = (await findStart(sql)) ?? CHAIN_START;
  const [found] = await sql.query<{ first: string | null; last: string | null }>(
    `SELECT (SELECT min(number) FROM audit_entries WHERE at >= $1) AS first,
       (SELECT max(number) FROM audit_entries WHERE at < $2) AS last`,
    [from ?? '-infinity', to ?? 'infinity'],
  );
  const end = await readEnd(sql);
  const before = Number(found?.first ?? end.number + 1) - 1;
  const last = Number(found?.last ?? start.number);
  return {
    start: from === undefined || before <= start.number ? start : await linkAt(sql, before),
    end: to === undefined ? end : await linkAt(sql, Math.max(last, before), start),
  };
}

async function linkAt(sql: Sql, number: number, otherwise = CHAIN_START): Promise<ChainEnd> {
  const hash = await readHash(sql, number);
  return hash === undefined ? otherwise : { number, hash };
}
