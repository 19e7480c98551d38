import type { SqlSession } from './sql.ts';

/** Building an index of a table of this size takes about a second, bytes. */
const LARGE_BYTES = 64 << 20;

/** How an index is called that another of the same name is about to replace. */
export const FORMER = '_former';

/** Tables whose partitions have so many rows that nobody should wait for an index of them. */
export async function listLarge(
  session: Pick<SqlSession, 'query'>,
  largeBytes: number = LARGE_BYTES,
): Promise<readonly string[]> {
  const tables = await session.query<{ name: string }>(
    `SELECT whole.relname AS name FROM pg_inherits JOIN pg_class AS whole ON whole.oid = inhparent
     WHERE whole.relkind = 'p' AND whole.relnamespace = current_schema()::regnamespace
     GROUP BY 1 HAVING sum(pg_relation_size(inhrelid)) >= $1`,
    [largeBytes],
  );
  return tables.map(({ name }) => name);
}

/**
 * A migration that creates the indexes of these tables for partitions to come alone: everybody would wait as long as it takes for all.
 * Upkeep builds those of the partitions that are there while everybody goes on; what is replaced by them is kept until then.
 */
export function leaveIndexes(text: string, tables: readonly string[]): string {
  const created = /^CREATE INDEX (\w+)\s+ON (\w+) /gm;
  const left = new Set([...text.matchAll(created)].flatMap(([, name, on = '']) => (tables.includes(on) ? [name] : [])));
  return text
    .replace(/^DROP INDEX (\w+);$/gm, (drop, name: string) =>
      left.has(name) ? `ALTER INDEX ${name} RENAME TO ${name}${FORMER};` : drop,
    )
    .replace(created, (create, name: string, on: string) =>
      left.has(name) ? `CREATE INDEX ${name} ON ONLY ${on} ` : create,
    );
}
