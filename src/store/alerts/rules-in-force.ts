import type { Sql } from '../../db/sql.ts';

/** A rule as it is kept, and whether one of the page has the same id as one of the file, which counts. */
export type KeptRuleText = Readonly<{ id: string; rule: unknown; overrules: boolean }>;

/** Says whether any rule was changed: it differs from what it was then. */
export async function readRulesMark(sql: Pick<Sql, 'query'>): Promise<string> {
  const [row] = await sql.query<{ mark: string }>(
    `SELECT coalesce(md5(string_agg(concat_ws(' ', id, origin, extract(epoch FROM at)), ',' ORDER BY id, origin)), '') AS mark
     FROM alert_rules`,
  );
  return row?.mark ?? '';
}

/** Every rule once, by its id; of two with the same id that of the file. */
export function readRules(sql: Pick<Sql, 'query'>): Promise<readonly KeptRuleText[]> {
  return sql.query<KeptRuleText>(
    `SELECT DISTINCT ON (id) id, rule, count(*) OVER (PARTITION BY id) > 1 AS overrules FROM alert_rules ORDER BY id, origin`,
  );
}
