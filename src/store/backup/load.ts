import type { SqlSession } from '../../db/sql.ts';
import { listSavedPartitions, type SavedPartition, type SavedSequence } from './dump.ts';
import { listTables, type TableShape } from './tables.ts';

/** Tables of what people or cameras brought; a program that only started leaves them empty. */
const TELLING = [
  'plate_events',
  'user_accounts',
  'api_tokens',
  'page_cameras',
  'plate_list_entries',
  'saved_searches',
  'retention_holds',
  'erased_events',
];

/** Whether nobody has used this database: no event, no account, no camera of the page and the like; entries of the audit do not count. */
export async function isUnused(session: Pick<SqlSession, 'query'>): Promise<boolean> {
  const there = await listTables(session);
  const asked = there.filter(({ name }) => TELLING.includes(name));
  const [found] = await session.query<{ used: boolean }>(
    `SELECT ${asked.map(({ name }) => `EXISTS (SELECT FROM ${name})`).join(' OR ')} AS used`,
  );
  return found?.used === false;
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
