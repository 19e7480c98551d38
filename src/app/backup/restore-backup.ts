import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { writeDurably } from '../../base/durable-file.ts';
import { AlprError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { makeFolder } from '../../base/make-folder.ts';
import { startProgress } from '../../base/progress.ts';
import { migrate } from '../../db/migrate.ts';
import { readApplied, readMigrations, refuseNewer } from '../../db/migrations.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';
import { finishLoading, isUnused, loadTable, prepareToLoad } from '../../store/backup/load.ts';
import { listTables, readContent } from '../../store/backup/tables.ts';
import type { Config } from '../config.ts';
import { ERASED } from './kept-files.ts';
import { type BackupManifest, FILES, OUTSIDE, readManifest } from './manifest.ts';

/**
 * Brings a backup into a system that nobody has used yet. Everything is checked before anything is changed, and the database is
 * restored in one transaction, whose tables must then hold what the backup says. INPUT_INVALID when the system is in use or the
 * backup is damaged, DATABASE_NEWER when a newer program wrote it.
 */
export async function restoreBackup(
  options: Readonly<{ config: Config; sql: Sql; log: Log; folder: string }>,
): Promise<BackupManifest> {
  const { config, sql, log, folder } = options;
  const manifest = await readManifest(folder);
  refuseNewer(
    manifest.migrations.map((one) => ({ ...one, applied_at: new Date(0) })),
    await readMigrations('native'),
  );
  for (const { file, sha256 } of manifest.tables) await requireHash(join(folder, file), sha256);
  for (const { path, sha256 } of manifest.files) await requireHash(join(folder, FILES, path), sha256);
  for (const { path, sha256 } of manifest.outside) await requireHash(join(folder, OUTSIDE, path), sha256);
  await refuseOtherKeys(config, folder, manifest);
  const upTo = manifest.migrations.at(-1)?.number ?? 0;
  const applied = await readApplied(sql);
  if (applied.length === 0) await migrate({ sql, log, upTo });
  await sql.transaction(async (session) => {
    await loadDatabase(session, folder, manifest);
    // Before the database counts as used: a restore that is cut off here can be repeated.
    await putFiles(config, folder, manifest);
  });
  await migrate({ sql, log });
  await sql.query('ANALYZE');
  return manifest;
}

async function loadDatabase(session: SqlSession, folder: string, manifest: BackupManifest): Promise<void> {
  const applied = await readApplied(session);
  if (applied.some(({ name }) => name.startsWith('timescale/'))) {
    throw new AlprError('INPUT_INVALID', 'Expected a database without TimescaleDB; restore into PostgreSQL itself');
  }
  if (applied.at(-1)?.number !== manifest.migrations.at(-1)?.number) {
    throw new AlprError(
      'INPUT_INVALID',
      `Expected an empty database, or one of the version of the backup (${manifest.migrations.at(-1)?.name}), got ${applied.at(-1)?.name}; name a new one`,
    );
  }
  if (!(await isUnused(session))) {
    throw new AlprError(
      'INPUT_INVALID',
      'Expected an unused system, but its database holds events, accounts or settings. Name another data folder or database',
    );
  }
  const shapeOf = ({ name, columns }: Readonly<{ name: string; columns: readonly string[] }>) =>
    `${name} (${columns.join(', ')})`;
  const here = (await listTables(session)).map(shapeOf).toSorted().join('\n');
  const there = manifest.tables.map(shapeOf).toSorted().join('\n');
  if (here !== there) {
    throw new AlprError('INPUT_INVALID', `Expected the tables of the backup, ${there}, but this database has ${here}`);
  }
  await prepareToLoad(session, manifest.partitions);
  const progress = startProgress(manifest.tables.length, 'tables');
  for (const table of manifest.tables) {
    await loadTable(session, table, createReadStream(join(folder, table.file)).pipe(createGunzip()));
    progress.step();
  }
  progress.stop();
  for (const table of manifest.tables) {
    const { rows, fingerprint } = await readContent(session, table);
    if (rows === table.rows && fingerprint === table.fingerprint) continue;
    throw new AlprError(
      'INTERNAL',
      `Expected ${table.rows} rows of ${table.name} with the fingerprint ${table.fingerprint}, got ${rows} with ${fingerprint}; nothing was restored`,
    );
  }
  await finishLoading(session, manifest.sequences);
}

async function requireHash(path: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  if (hash.digest('hex') === sha256) return;
  throw new AlprError('INPUT_INVALID', `Expected ${path} as it was written; its sha256 differs. The backup is damaged`);
}

async function refuseOtherKeys(config: Config, folder: string, manifest: BackupManifest): Promise<void> {
  for (const { path } of manifest.files) {
    if (path === ERASED) continue;
    const there = await readIfThere(resolve(config.data, path));
    if (there === undefined || there.equals(await readFile(join(folder, FILES, path)))) continue;
    throw new AlprError(
      'INPUT_INVALID',
      `Expected no ${path} in ${config.data}, because restoring would replace it. Name an empty data folder`,
    );
  }
}

async function putFiles(config: Config, folder: string, manifest: BackupManifest): Promise<void> {
  for (const { path } of manifest.files) {
    const target = resolve(config.data, path);
    const here = await readIfThere(target);
    if (here !== undefined && path !== ERASED) continue;
    const kept = await readFile(join(folder, FILES, path));
    await makeFolder(dirname(target), { mode: 0o700 });
    await writeDurably(target, here === undefined ? kept : joinLines(here, kept), 0o600);
  }
}

/** Joins the two files, so that whatever either names stays erased. */
function joinLines(...files: readonly Buffer[]): string {
  const lines = files.flatMap((file) => file.toString().split('\n'));
  return [...new Set(lines.filter((line) => line !== ''))].map((line) => `${line}\n`).join('');
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
