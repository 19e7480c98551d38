import type { SqlSession } from '../../db/sql.ts';

/** A table as a backup has it. Its name and columns are quoted as SQL wants them. */
export type TableShape = Readonly<{ name: string; columns: readonly string[] }>;

/** What a table holds: how many rows, and a sum over a hash of each that does not depend on their order. */
export type TableContent = Readonly<{ rows: number; fingerprint: string }>;

type Listed = TableShape & Readonly<{ needs: readonly string[] }>;

const LIST = `SELECT quote_ident(relname) AS name,
    array(SELECT quote_ident(attname) FROM pg_attribute
      WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum) AS columns,
    array(SELECT DISTINCT confrelid::regclass::text FROM pg_constraint
      WHERE conrelid = c.oid AND contype = 'f' AND confrelid <> c.oid) AS needs
  FROM pg_class AS c
  WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    AND relname <> 'schema_migrations'
  ORDER BY relname`;

/** Every table of ours, each after those that it refers to. */
export async function listTables(session: Pick<SqlSession, 'query'>): Promise<readonly TableShape[]> {
  let left: readonly Listed[] = await session.query<Listed>(LIST);
  const ordered: Listed[] = [];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const next = left.filter(({ needs }) => !needs.some((name) => waiting.has(name)));
    if (next.length === 0) throw new Error(`The tables ${[...waiting].join(', ')} refer to each other`);
    ordered.push(...next);
    left = left.filter((table) => !next.includes(table));
  }
  return ordered.map(({ name, columns }) => ({ name, columns }));
}

/** Counts and hashes a table. Times must be written in one time zone: set it first. */
export async function readContent(session: SqlSession, { name, columns }: TableShape): Promise<TableContent> {
  const [content] = await session.query<TableContent>(
    `SELECT count(*)::float8 AS rows,
       coalesce(sum(('x' || left(md5(ROW(${columns.join(', ')})::text), 13))::bit(52)::bigint), 0)::text AS fingerprint
     FROM ${name}`,
  );
  return content ?? { rows: 0, fingerprint: '0' };
}
