import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Sql, SqlSession } from './sql.ts';

const FOLDER = fileURLToPath(new URL('../../sql/', import.meta.url));
const LOCK_KEY = 0x0a1b2c3d;

type Migration = Readonly<{ number: number; name: string; text: string; checksum: string }>;
type Applied = Readonly<{ number: number; name: string; checksum: string }>;

/**
 * Brings the database to this version: every `NNN-name.sql` not yet recorded, in order, in one transaction, one process
 * at a time. DATABASE_NEWER when the database knows a migration that this program does not have as it is.
 */
export async function migrate(options: Readonly<{ sql: Sql; log: Log; folder?: string }>): Promise<void> {
  const known = await readMigrations(options.folder ?? FOLDER);
  await options.sql.transaction(async (session) => {
    await session.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    const applied = await readApplied(session);
    refuseNewer(applied, known);
    for (const migration of known.slice(applied.length)) {
      await session.query(migration.text);
      await session.query('INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)', [
        migration.number,
        migration.name,
        migration.checksum,
      ]);
      options.log.info({ migration: migration.name }, 'migrated the database');
    }
  });
}

async function readApplied(session: SqlSession): Promise<readonly Applied[]> {
  await session.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
    number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
  )`);
  return session.query<Applied>('SELECT number, name, checksum FROM schema_migrations ORDER BY number');
}

function refuseNewer(applied: readonly Applied[], known: readonly Migration[]): void {
  for (const [index, one] of applied.entries()) {
    if (known[index]?.number === one.number && known[index].checksum === one.checksum) continue;
    throw new AlprError(
      'DATABASE_NEWER',
      `Expected a database of this version, but it holds migration ${one.name} that this program ${known[index] ? 'has with another text' : 'does not have'}; use the version that wrote it, or a newer one`,
    );
  }
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{3}-[a-z0-9-]+\.sql$/.test(name)).sort();
  const migrations: Migration[] = [];
  for (const name of names) {
    const text = await readFile(path.join(folder, name), 'utf8');
    migrations.push({ number: Number(name.slice(0, 3)), name, text, checksum: checksumOf(text) });
  }
  return migrations;
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}
