import type { Mute, NewMute } from '../../contract/api/alerts.ts';
import type { Sql } from '../../db/sql.ts';

type Row = Omit<Mute, 'at' | 'until'> & Readonly<{ at: Date; until: Date | null }>;

const COLUMNS = 'id, rule_id AS rule, plate, until, by_name AS by, at';

/** What is silenced now, newest first. */
export async function listMutes(sql: Sql): Promise<readonly Mute[]> {
  const rows = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM alert_mutes WHERE until IS NULL OR until > now() ORDER BY at DESC, id`,
  );
  return rows.map(toMute);
}

/** Silences a rule, a plate, or a plate for one rule. */
export async function writeMute(sql: Sql, { rule, plate, until }: NewMute, by: string): Promise<Mute> {
  const [row] = await sql.query<Row>(
    `INSERT INTO alert_mutes (rule_id, plate, until, by_name) VALUES ($1, $2, $3, $4) RETURNING ${COLUMNS}`,
    [rule, plate, until, by],
  );
  if (!row) throw new Error('expected the mute that was written');
  return toMute(row);
}

/** Ends a mute; false where there is none. */
export async function removeMute(sql: Sql, id: string): Promise<boolean> {
  return (await sql.query('DELETE FROM alert_mutes WHERE id = $1 RETURNING 1', [id])).length > 0;
}

function toMute({ at, until, ...rest }: Row): Mute {
  return { ...rest, at: at.toISOString(), until: until?.toISOString() ?? null };
}
