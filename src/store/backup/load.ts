import type { SqlSession } from '../../db/sql.ts';
import { listSavedPartitions, type SavedPartition, type SavedSequence } from './dump.ts';
import { listTables, type TableShape } from './tables.ts';

/** Whether nobody has used this database: no event, no account, no entry of the audit but of commands. */
export async function isUnused(session: Pick<SqlSession, 'query'>): Promise<boolean> {
  const [there] = await session.query<{ used: boolean }>(
    'SELECT EXISTS (SELECT FROM plate_events) OR EXISTS (SELECT FROM user_accounts) AS used',
  );
  return there?.used === false;
}

/** Empties every table, switches off what would count or refuse rows, and gives the events the partitions of the backup. */
export async function prepareToLoad(session: SqlSession, partitions: readonly SavedPartition[]): Promise<void> {
  await session.query("SET LOCAL TimeZone = 'UTC'");
  const names = (await listTables(session)).map(({ name }) => name);
  for (const name of names) await session.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
  await session.query(`TRUNCATE ${names.join(', ')}`);
  for (const { name } of await listSavedPartitions(session)) await session.query(`DROP TABLE ${name}`);
  for (const { table, name, bounds } of partitions) {
    await session.query(`CREATE TABLE ${name} PARTITION OF ${table} ${bounds}`);
  }
}

export function loadTable(
  session: SqlSession,
  { name, columns }: TableShape,
  rows: AsyncIterable<Uint8Array>,
): Promise<void> {
  return session.copyFrom(`COPY ${name} (${columns.join(', ')}) FROM STDIN`, rows);
}

/** Switches on what was off, and brings sequences and views to what was loaded. */
export async function finishLoading(session: SqlSession, sequences: readonly SavedSequence[]): Promise<void> {
  for (const { name } of await listTables(session)) await session.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
  for (const { name, value } of sequences) {
    await session.query('SELECT setval($1::regclass, $2::bigint)', [name, value]);
  }
  const views = await session.query<{ name: string }>(
    'SELECT quote_ident(matviewname) AS name FROM pg_matviews WHERE schemaname = current_schema()',
  );
  for (const { name } of views) await session.query(`REFRESH MATERIALIZED VIEW ${name}`);
}
