import type { Sql } from '../../db/sql.ts';

/** A channel as it is kept: what may be shown, and its sealed secrets. */
export type KeptChannel = Readonly<{
  id: string;
  origin: 'page' | 'file';
  channel: Readonly<Record<string, unknown>>;
  secrets: Uint8Array | null;
}>;

/** All channels, by their ids; of the same id that of the file counts. */
export function listChannels(sql: Pick<Sql, 'query'>): Promise<readonly KeptChannel[]> {
  return sql.query(`SELECT DISTINCT ON (id) id, origin, channel, secrets FROM alert_channels ORDER BY id, origin`);
}

/** Counts up with each change of channels, among others. */
export async function readSettingsRevision(sql: Pick<Sql, 'query'>): Promise<string> {
  const [row] = await sql.query<{ revision: string }>('SELECT revision::text FROM alert_settings');
  return row?.revision ?? '0';
}
