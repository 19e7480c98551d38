import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CONFIGURATION, OUTSIDE, PICTURES } from '../../app/backup/manifest.ts';
import { restoreBackup } from '../../app/backup/restore-backup.ts';
import { writeBackup } from '../../app/backup/write-backup.ts';
import type { Config } from '../../app/config.ts';
import { createCommandAudit, openCommandAudit } from '../../app/open-command-audit.ts';
import { createLog } from '../../base/log.ts';
import { makeFolder } from '../../base/make-folder.ts';
import { openDatabase } from '../../db/open.ts';
import { openImages } from '../../images/open.ts';
import { formatColumns } from '../format-columns.ts';
import { verifyImages } from '../images/verify.ts';

export type BackupFlags = Readonly<{ pictures?: boolean }>;

/** Writes a backup and prints what is in it. */
export async function backUp(
  config: Config,
  folder: string,
  { pictures = false, configFile }: BackupFlags & Readonly<{ configFile: string }>,
): Promise<void> {
  await using audit = await openCommandAudit(config);
  await using images = await openImages({ config: config.images, dataFolder: config.data });
  await audit.record({ action: 'export', operation: 'backup', query: { folder: resolve(folder), pictures } });
  const written = await writeBackup({ config, sql: audit.sql, images, folder, configFile, withPictures: pictures });
  print(formatColumns([['table', 'rows'], ...written.tables.map(({ name, rows }) => [name, String(rows)])]));
  print(`\nkeys and the like: ${written.files.map(({ path }) => path).join(', ') || 'none'}`);
  if (written.outside.length > 0) {
    print(`from outside the data folder, in ${OUTSIDE}: ${written.outside.map(({ path }) => `/${path}`).join(', ')}`);
  }
  const { count, copied, missing } = written.pictures;
  const told = copied ? `copied${missing > 0 ? `; ${missing} are missing` : ''}` : 'listed, not copied (--pictures)';
  print(`pictures: ${count}, ${told}`);
  print(`\nThe backup in ${folder} is complete. It holds keys and passwords: keep it where only you can read it.`);
}

/** Restores a backup, and its pictures where it has them. */
export async function restore(config: Config, folder: string): Promise<void> {
  const log = createLog({ ...config.log, level: 'warn' });
  await makeFolder(config.data, { mode: 0o711 });
  const restored = await (async () => {
    await using database = await openDatabase({ config: config.database, dataFolder: config.data, log });
    const done = await restoreBackup({ config, sql: database.sql, log, folder });
    const { record } = await createCommandAudit(config, database.sql);
    await record({ action: 'change', operation: 'restore', query: { folder: resolve(folder) } });
    return done;
  })();
  const rows = restored.tables.reduce((sum, table) => sum + table.rows, 0);
  print(
    `Restored ${rows} rows in ${restored.tables.length} tables, as the backup of ${restored.created_at} has them: each table was counted and hashed.`,
  );
  if (restored.pictures.copied) {
    await verifyImages(config, { repair: join(folder, PICTURES) });
  } else {
    print(
      `Its ${restored.pictures.count} pictures are not in it: alpr images verify --repair FOLDER brings back a copy.`,
    );
  }
  for (const { path } of restored.outside) {
    print(`This file was outside the data folder; put it back: cp '${join(folder, OUTSIDE, path)}' '/${path}'`);
  }
  const files = await readdir(join(folder, CONFIGURATION)).catch(() => []);
  print(
    files.length > 0
      ? `Its configuration is in ${join(folder, CONFIGURATION)}.`
      : 'It ran without a configuration file.',
  );
  if (config.search.kind === 'opensearch') print('Now run alpr reindex: the search index is not part of a backup.');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
