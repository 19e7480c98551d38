import type { Sql } from '../../db/sql.ts';

/**
 * A statement. A `name` stands for exactly this text, which is planned once for all values; not for filters, whose
 * plans depend on their values.
 */
export type Statement = Readonly<{ text: string; values: readonly unknown[]; name: string | undefined }>;

const IN_ORDER = "SELECT set_config('enable_sort', 'off', true)";
const IN_ORDER_AND_PLANNED_ONCE = `${IN_ORDER}, set_config('plan_cache_mode', 'force_generic_plan', true)`;

/**
 * Runs a statement that takes the newest events of each of many texts, in the order that the index has. Left to itself
 * PostgreSQL takes every text for one that is seen a few times, and would fetch and sort all events of one that is seen often.
 * The plan is the same whatever is asked for, and over a year of partitions it takes longer to make than to run.
 */
export function queryInIndexOrder<Row extends object>(
  sql: Sql,
  { text, values, name }: Statement,
): Promise<readonly Row[]> {
  return sql.transaction(async (session) => {
    await session.query(name === undefined ? IN_ORDER : IN_ORDER_AND_PLANNED_ONCE);
    return session.query<Row>(text, values, name);
  });
}
