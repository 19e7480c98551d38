import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Sql } from '../../src/db/sql.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

const log = createLog({ level: 'silent' });
const SQL_FOLDER = path.resolve(import.meta.dirname, '../../sql');
let database: TestDatabase;
let sql: Sql;
let folder: string;

beforeAll(async () => {
  database = await openTestDatabase({ native: true });
  sql = database.sql;
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

afterEach(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'alpr-sql-'));
  await cp(SQL_FOLDER, folder, { recursive: true });
  await sql.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
});

test('Processes that migrate at the same time apply each file once', async () => {
  await Promise.all([migrate({ sql, log }), migrate({ sql, log }), migrate({ sql, log })]);
  const applied = await sql.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY number');
  const files = [...(await readdir(SQL_FOLDER)), ...(await readdir(path.join(SQL_FOLDER, 'native')))];
  const numbered = files.filter((name) => name.endsWith('.sql')).sort();
  expect(applied.map(({ name }) => path.basename(name))).toEqual(numbered);
});

test('A database that a newer version migrated is refused', async () => {
  await writeFile(path.join(folder, '900-later.sql'), 'CREATE TABLE later ();');
  await migrate({ sql, log, folder });
  await expect(migrate({ sql, log })).rejects.toMatchObject({
    code: 'DATABASE_NEWER',
    message: expect.stringContaining('900-later.sql'),
  });
});

test('A migration whose text was changed after it was applied is refused', async () => {
  await migrate({ sql, log, folder });
  await writeFile(path.join(folder, '001-plate-events.sql'), 'SELECT 1');
  await expect(migrate({ sql, log, folder })).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
});

test('A migration gives way to whoever uses a table, so that nobody waits behind it, and completes when the table is free', async () => {
  await migrate({ sql, log });
  await writeFile(path.join(folder, '900-later.sql'), 'ALTER TABLE plate_events ADD COLUMN later integer;');
  await sql.transaction(async (report) => {
    await report.query('SELECT FROM plate_events');
    const migrating = migrate({ sql, log, folder });
    await expect(migrating).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining('nothing was changed'),
    });
    expect(await sql.query('SELECT event_id FROM plate_events')).toEqual([]);
  });
  expect(await migrate({ sql, log, folder })).toMatchObject({ applied: ['900-later.sql'] });
});

test('A migration that fails leaves nothing behind', async () => {
  await writeFile(path.join(folder, '900-broken.sql'), 'CREATE TABLE half (); SELECT no_such_column;');
  await expect(migrate({ sql, log, folder })).rejects.toThrow('no_such_column');
  expect(await sql.query("SELECT to_regclass('half') AS half, to_regclass('plate_events') AS events")).toEqual([
    { half: null, events: null },
  ]);
});

test('Every unique key of a table of events contains its time column, as partitions and hypertables need', async () => {
  await migrate({ sql, log });
  const keys = await sql.query<{ definition: string }>(`SELECT pg_get_indexdef(indexrelid) AS definition FROM pg_index
    WHERE indisunique AND indrelid IN ('plate_events'::regclass, 'event_revisions'::regclass)`);
  expect(keys.length).toBe(2);
  for (const { definition } of keys) expect(definition).toContain('detected_at');
});
