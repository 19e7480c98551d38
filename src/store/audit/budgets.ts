import type { Sql } from '../../db/sql.ts';

/** What a budget counts. */
export type Counted = 'searches' | 'exported_rows';

/** How much was used, or when it opens again where that was too much. */
export type Spent = Readonly<{ isWithin: true } | { isWithin: false; opensAt: Date }>;

type Spending = Readonly<{ who: string; counted: Counted; amount: number; limit: number; timeZone: string }>;

/**
 * Takes an amount from the budget of a day, unless it would be more than the limit. The day is that of the time zone. Right for
 * any number of processes: the row is counted up and checked in one statement.
 */
export async function spendBudget(sql: Sql, { who, counted, amount, limit, timeZone }: Spending): Promise<Spent> {
  const rows = await sql.query(
    `INSERT INTO audit_budgets AS used (who, day, ${counted}) SELECT $1, (now() AT TIME ZONE $4)::date, $2::int WHERE $2::int <= $3
     ON CONFLICT (who, day) DO UPDATE SET ${counted} = used.${counted} + $2::int WHERE used.${counted} + $2::int <= $3
     RETURNING who`,
    [who, amount, limit, timeZone],
  );
  if (rows.length > 0) return { isWithin: true };
  const [row] = await sql.query<{ opens_at: Date }>(
    'SELECT ((now() AT TIME ZONE $1)::date + 1)::timestamp AT TIME ZONE $1 AS opens_at',
    [timeZone],
  );
  if (!row) throw new Error('expected a time from the database');
  return { isWithin: false, opensAt: row.opens_at };
}

/** Gives back what was taken today and led to nothing. */
export async function returnBudget(
  sql: Sql,
  { who, counted, amount, timeZone }: Omit<Spending, 'limit'>,
): Promise<void> {
  await sql.query(
    `UPDATE audit_budgets SET ${counted} = greatest(0, ${counted} - $2::int)
     WHERE who = $1 AND day = (now() AT TIME ZONE $3)::date`,
    [who, amount, timeZone],
  );
}
