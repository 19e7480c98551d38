import type { ModelDecision } from '../../contract/api/models.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';

/** Most that are listed. */
const MOST = 100;

/** Keeps what was decided on a version. */
export async function recordDecision(sql: Sql | SqlSession, decision: Omit<ModelDecision, 'at'>): Promise<void> {
  const { model, version, action, cameras, by, figures } = decision;
  await sql.query(
    'INSERT INTO model_decisions (model, version, action, cameras, by_name, figures) VALUES ($1, $2, $3, $4, $5, $6)',
    [model, version, action, cameras, by, figures && JSON.stringify(figures)],
  );
}

/** What was decided, the newest first; of one model or of all. */
export async function listDecisions(sql: Sql | SqlSession, model?: string): Promise<readonly ModelDecision[]> {
  const rows = await sql.query<Omit<ModelDecision, 'at'> & Readonly<{ at: Date }>>(
    `SELECT at, model, version, action, cameras, by_name AS by, figures FROM model_decisions
     WHERE $1::text IS NULL OR model = $1 ORDER BY id DESC LIMIT ${MOST}`,
    [model ?? null],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
