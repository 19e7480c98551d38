import type { KeptRule } from '../../contract/api/rules.ts';
import type { Rule } from '../../contract/rule.ts';
import type { Sql } from '../../db/sql.ts';
import { countChange } from './settings.ts';

type RuleRow = Omit<KeptRule, 'at'> & Readonly<{ at: Date }>;

/** Every rule by name, and how people judged its alerts. */
export async function listRules(sql: Sql): Promise<readonly KeptRule[]> {
  const rows = await sql.query<RuleRow>(
    `SELECT rule, origin, changed_by, at,
       origin = 'page' AND EXISTS (SELECT FROM alert_rules AS f WHERE f.id = alert_rules.id AND f.origin = 'file')
         AS is_overruled,
       (SELECT count(*) FROM alerts WHERE rule_id = alert_rules.id AND happened_at > now() - interval '1 day')::int
         AS alerts_last_day,
       (SELECT count(*) FROM alerts WHERE rule_id = alert_rules.id AND was_right)::int AS "right",
       (SELECT count(*) FROM alerts WHERE rule_id = alert_rules.id AND NOT was_right)::int AS wrong
     FROM alert_rules ORDER BY rule->>'name', id, origin`,
  );
  return rows.map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() }));
}

/** Writes a rule of the page. */
export function writeRule(sql: Sql, rule: Rule, by: string): Promise<void> {
  return sql.transaction(async (session) => {
    await session.query(
      `INSERT INTO alert_rules (origin, id, rule, changed_by) VALUES ('page', $1, $2::jsonb, $3)
       ON CONFLICT (id, origin) DO UPDATE SET rule = EXCLUDED.rule, changed_by = EXCLUDED.changed_by, at = now()`,
      [rule.id, JSON.stringify(rule), by],
    );
    await countChange(session);
  });
}

/** Removes a rule of the page; false where there is none. Its alerts stay. */
export function removeRule(sql: Sql, id: string): Promise<boolean> {
  return sql.transaction(async (session) => {
    const removed = await session.query(`DELETE FROM alert_rules WHERE origin = 'page' AND id = $1 RETURNING 1`, [id]);
    await countChange(session);
    return removed.length > 0;
  });
}
