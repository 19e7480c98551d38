import type { Channel } from '../../contract/channel.ts';
import { joinSecrets, type Secrets, splitSecrets } from '../../contract/channel-secrets.ts';
import type { Sql } from '../../db/sql.ts';
import { countChange } from './settings.ts';

/** What seals, such as the key file. */
type Seals = Readonly<{ seal(content: Uint8Array): Uint8Array; unseal(sealed: Uint8Array): Buffer }>;

/** A channel as it is kept: what may be shown, and its sealed secrets. */
export type KeptChannel = Readonly<{
  id: string;
  origin: 'page' | 'file';
  channel: Readonly<Record<string, unknown>>;
  secrets: Uint8Array | null;
  changed_by: string;
  at: Date;
}>;

/** All channels that are in force, by their ids: of the same id that of the file counts. */
export function listChannels(sql: Pick<Sql, 'query'>): Promise<readonly KeptChannel[]> {
  return sql.query(
    'SELECT DISTINCT ON (id) id, origin, channel, secrets, changed_by, at FROM alert_channels ORDER BY id, origin',
  );
}

/** A channel with its secrets, checked. */
export function unsealChannel(kept: KeptChannel, seals: Pick<Seals, 'unseal'>): Channel {
  return joinSecrets(kept.channel, unsealSecrets(kept, seals));
}

/** The secrets of a channel by their names. */
export function unsealSecrets({ secrets }: Pick<KeptChannel, 'secrets'>, seals: Pick<Seals, 'unseal'>): Secrets {
  return secrets ? JSON.parse(seals.unseal(secrets).toString('utf8')) : {};
}

/** Keeps a channel of the page. */
export async function saveChannel(
  sql: Sql,
  seals: Pick<Seals, 'seal'>,
  { channel, by }: Readonly<{ channel: Channel; by: string }>,
): Promise<void> {
  const { shown, secrets } = splitSecrets(channel);
  const sealed = Object.keys(secrets).length > 0 ? seals.seal(Buffer.from(JSON.stringify(secrets))) : null;
  await sql.transaction(async (session) => {
    await session.query(
      `INSERT INTO alert_channels (origin, id, channel, secrets, changed_by) VALUES ('page', $1, $2::jsonb, $3, $4)
       ON CONFLICT (id, origin) DO UPDATE SET channel = EXCLUDED.channel, secrets = EXCLUDED.secrets,
         changed_by = EXCLUDED.changed_by, at = now()`,
      [channel.id, JSON.stringify(shown), sealed, by],
    );
    await countChange(session);
  });
}

/** Removes a channel of the page; false where there is none. What waits for it stays until it is given up. */
export function removeChannel(sql: Sql, id: string): Promise<boolean> {
  return sql.transaction(async (session) => {
    const removed = await session.query(`DELETE FROM alert_channels WHERE origin = 'page' AND id = $1 RETURNING 1`, [
      id,
    ]);
    await countChange(session);
    return removed.length > 0;
  });
}
