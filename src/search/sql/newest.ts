import type { Sql } from '../../db/sql.ts';

/**
 * Runs a statement that takes the newest events of each of many texts, in the order that the index has. Left to itself
 * PostgreSQL takes every text for one that is seen a few times, and would fetch and sort all events of one that is seen often.
 */
export function queryInIndexOrder<Row extends object>(
  sql: Sql,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  return sql.transaction(async (session) => {
    await session.query('SET LOCAL enable_sort = off');
    return session.query<Row>(text, values);
  });
}
