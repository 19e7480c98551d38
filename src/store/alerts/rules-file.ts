import type { Rule } from '../../contract/rule.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';
import { countChange } from './settings.ts';

/** A channel: what may be shown of it, and its secrets, which are sealed; `kept` is what is sealed already. */
export type ChannelText = Readonly<{
  id: string;
  channel: object;
  seal: (kept: Uint8Array | null) => Uint8Array | null;
}>;

/** What stands in a file of rules. */
export type FileContent = Readonly<{ path: string; rules: readonly Rule[]; channels: readonly ChannelText[] }>;

/**
 * Keeps a copy of the rules and channels of the file, for whoever matches, sends or shows them; undefined where there is no file.
 * Rules that stay the same are not written.
 */
export function keepRulesFile(sql: Sql, content: FileContent | undefined): Promise<void> {
  return sql.transaction(async (session) => {
    await session.query('SELECT FROM alert_settings FOR UPDATE');
    const isChanged = [
      await keepRules(session, content?.rules ?? []),
      await keepChannels(session, content?.channels ?? []),
    ];
    await session.query('UPDATE alert_settings SET rules_file = $1, file_error = NULL', [content?.path ?? null]);
    if (isChanged.includes(true)) await countChange(session);
  });
}

/** Writes down what is wrong with the file; what was in force before stays. */
export async function noteRulesFileFault(
  sql: Sql,
  { path, fault }: Readonly<{ path: string; fault: string }>,
): Promise<void> {
  await sql.query('UPDATE alert_settings SET rules_file = $1, file_error = $2', [path, fault]);
}

async function keepRules(session: SqlSession, rules: readonly Rule[]): Promise<boolean> {
  const changed = await session.query(
    `INSERT INTO alert_rules (origin, id, rule, changed_by)
     SELECT 'file', rule->>'id', rule, 'file' FROM jsonb_array_elements($1::jsonb) AS rule
     ON CONFLICT (id, origin) DO UPDATE SET rule = EXCLUDED.rule, at = now() WHERE alert_rules.rule <> EXCLUDED.rule
     RETURNING 1`,
    [JSON.stringify(rules)],
  );
  const gone = await session.query(`DELETE FROM alert_rules WHERE origin = 'file' AND id <> ALL ($1) RETURNING 1`, [
    rules.map(({ id }) => id),
  ]);
  return changed.length + gone.length > 0;
}

async function keepChannels(session: SqlSession, channels: readonly ChannelText[]): Promise<boolean> {
  const kept = await session.query<{ id: string; secrets: Buffer | null }>(
    "SELECT id, secrets FROM alert_channels WHERE origin = 'file'",
  );
  const secrets = new Map(kept.map((one) => [one.id, one.secrets]));
  const changed = await session.query(
    `INSERT INTO alert_channels (origin, id, channel, secrets, changed_by)
     SELECT 'file', given.id, given.channel, given.secrets, 'file'
     FROM unnest($1::text[], $2::jsonb[], $3::bytea[]) AS given (id, channel, secrets)
     ON CONFLICT (id, origin) DO UPDATE SET channel = EXCLUDED.channel, secrets = EXCLUDED.secrets, at = now()
     WHERE (alert_channels.channel, alert_channels.secrets) IS DISTINCT FROM (EXCLUDED.channel, EXCLUDED.secrets)
     RETURNING 1`,
    [
      channels.map(({ id }) => id),
      channels.map(({ channel }) => JSON.stringify(channel)),
      channels.map(({ id, seal }) => seal(secrets.get(id) ?? null)),
    ],
  );
  const gone = await session.query(`DELETE FROM alert_channels WHERE origin = 'file' AND id <> ALL ($1) RETURNING 1`, [
    channels.map(({ id }) => id),
  ]);
  return changed.length + gone.length > 0;
}
