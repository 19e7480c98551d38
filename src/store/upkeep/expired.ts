import { FIRST_TIME } from '../../contract/plausible-time.ts';
import type { Division } from '../../db/migrations.ts';
import type { Sql } from '../../db/sql.ts';
import { HELD } from '../privacy/holds.ts';
import { findEnd } from './chunks.ts';
import { type DividedTable, EXPIRED, expiredAt, listPartitions, MISDATED_EXPIRED } from './partitions.ts';

const TABLES = { events: 'plate_events', revisions: 'event_revisions' } as const satisfies Record<string, DividedTable>;

type Wanted = Readonly<{ place: keyof typeof TABLES; division: Division; cutoff: Date }>;

/** What the next round of upkeep removes of a table: whole partitions that are over, and old rows of those without a beginning. */
export async function countExpired(
  sql: Sql,
  { place, division, cutoff }: Wanted,
): Promise<Readonly<{ count: number; bytes: number }>> {
  const table = TABLES[place];
  const condition =
    division === 'native' ? await nativeCondition(sql, table, cutoff) : await chunkCondition(sql, table, cutoff);
  const [row] = await sql.query<{ count: number; bytes: number }>(
    `SELECT count(*)::float8 AS count, coalesce(sum(octet_length(event::text)), 0)::float8 AS bytes
     FROM ${table} WHERE (${condition}) AND NOT ${HELD}`,
    expiredAt(cutoff.getTime()),
  );
  return row ?? { count: 0, bytes: 0 };
}

/** How many events are old enough to go and stay because of a hold. */
export async function countHeld(sql: Sql, cutoff: Date): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM plate_events WHERE detected_at < $1 AND ${HELD}`,
    [cutoff],
  );
  return row?.n ?? 0;
}

async function nativeCondition(sql: Sql, table: DividedTable, cutoff: Date): Promise<string> {
  const partitions = await listPartitions(sql, table);
  const over = partitions.filter(({ period }) => period && period.to <= cutoff.getTime());
  const endless = partitions.filter((one) => !over.includes(one) && !Number.isFinite(one.period?.from));
  const isOf = (some: readonly Readonly<{ name: string }>[]) =>
    `tableoid = ANY ('{${some.map(({ name }) => name).join(',')}}'::regclass[])`;
  return `${isOf(over)} OR ${isOf(endless)} AND (${EXPIRED})`;
}

async function chunkCondition(sql: Sql, table: DividedTable, cutoff: Date): Promise<string> {
  const end = await findEnd(sql, table, cutoff);
  const over = end ? `detected_at >= '${FIRST_TIME}' AND detected_at < '${end.toISOString()}'` : 'false';
  return `${over} OR ${MISDATED_EXPIRED}`;
}
