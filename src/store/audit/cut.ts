import { CHAIN_START, type ChainEnd } from '../../audit/chain.ts';
import type { Sql } from '../../db/sql.ts';
import { findLastCheckpoint, listCheckpoints } from './checkpoints.ts';

/** Entries removed in one transaction, for which all that append wait. */
const AT_ONCE = 2000;
/** How much older than it may be the first entry is before anything is cut: once a day is enough. */
const SLACK_MS = 86_400_000;

/** Where the stored chain begins: at its start, or after the oldest checkpoint, up to which it was cut; undefined where neither is. */
export async function findStart(sql: Sql): Promise<ChainEnd | undefined> {
  const first = await findFirst(sql);
  if (!first || first.number === 1) return CHAIN_START;
  const [checkpoint] = await listCheckpoints(sql, { from: 0, through: Number.MAX_SAFE_INTEGER });
  return checkpoint && { number: checkpoint.content.number, hash: checkpoint.content.hash };
}

/** The checkpoint up to which entries may be removed; undefined when it is too early. */
export async function findCut(sql: Sql, before: Date): Promise<ChainEnd | undefined> {
  const first = await findFirst(sql);
  if (!first || first.at.getTime() > before.getTime() - SLACK_MS) return undefined;
  const checkpoint = await findLastCheckpoint(sql, before);
  return checkpoint && checkpoint.content.number >= first.number ? checkpoint.content : undefined;
}

/**
 * Removes the entries up to the one of a checkpoint, older checkpoints, and the keys of plates that no entry has any more.
 * Resolves to the number of entries.
 */
export async function cutEntries(sql: Sql, through: number): Promise<number> {
  await sql.query('DELETE FROM audit_checkpoints WHERE number < $1', [through]);
  for (let removed = 0; ; ) {
    const count = await cutSome(sql, through);
    removed += count;
    if (count < AT_ONCE) return removed;
  }
}

function cutSome(sql: Sql, through: number): Promise<number> {
  return sql.transaction(async (session) => {
    // Nobody may take a key for a new entry while it is decided whether any entry has it.
    await session.query('SELECT FROM audit_head FOR UPDATE');
    const gone = await session.query<{ plate_keys: readonly string[] }>(
      `DELETE FROM audit_entries WHERE number IN
         (SELECT number FROM audit_entries WHERE number <= $1 ORDER BY number LIMIT $2) RETURNING plate_keys::text[]`,
      [through, AT_ONCE],
    );
    await session.query(
      `DELETE FROM audit_plate_keys WHERE id = ANY($1::uuid[])
         AND NOT EXISTS (SELECT FROM audit_entries WHERE plate_keys @> ARRAY[audit_plate_keys.id] AND plate_keys <> '{}')`,
      [[...new Set(gone.flatMap(({ plate_keys }) => plate_keys))]],
    );
    return gone.length;
  });
}

/** The oldest entry that there is. */
export async function findFirst(sql: Sql): Promise<Readonly<{ number: number; at: Date }> | undefined> {
  const [row] = await sql.query<{ number: string; at: Date }>(
    'SELECT number, at FROM audit_entries ORDER BY number LIMIT 1',
  );
  return row && { number: Number(row.number), at: row.at };
}
