import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { writeDurably } from '../../base/durable-file.ts';
import { AlprError } from '../../base/errors.ts';
import { makeFolder } from '../../base/make-folder.ts';
import { startProgress } from '../../base/progress.ts';
import { readApplied } from '../../db/migrations.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';
import { openFileImages } from '../../images/files.ts';
import type { Images } from '../../images/images.ts';
import { beginSnapshot, dumpTable, listSavedPartitions, listSequences } from '../../store/backup/dump.ts';
import { listTables, readContent } from '../../store/backup/tables.ts';
import { readPictureReferences } from '../../store/pictures.ts';
import type { Config } from '../config.ts';
import { VERSION } from '../version.ts';
import { type KeptFile, listKeptFiles } from './kept-files.ts';
import {
  type BackupManifest,
  CONFIGURATION,
  FILES,
  MANIFEST,
  OUTSIDE,
  PICTURE_LIST,
  PICTURES,
  parseManifest,
  TABLES,
} from './manifest.ts';

export type BackupOptions = Readonly<{
  config: Config;
  sql: Sql;
  images: Images;
  /** An empty or missing folder. */
  folder: string;
  /** The configuration file in use. */
  configFile: string | undefined;
  /** Whether the pictures are copied too, and not their list alone. */
  withPictures: boolean;
}>;

/**
 * Writes the whole state of a system into a folder, also while it runs: the database as of one moment, the keys, the
 * configuration, the list of the pictures or the pictures. `backup.json` comes last, so that what was cut off is no backup.
 */
export async function writeBackup(options: BackupOptions): Promise<BackupManifest> {
  const { config, sql, folder } = options;
  await makeFolder(folder, { mode: 0o700 });
  if ((await readdir(folder)).length > 0) {
    throw new AlprError('INPUT_INVALID', `Expected an empty folder for the backup, but ${folder} is not empty`);
  }
  const database = await sql.transaction((session) => writeDatabase(session, folder));
  const kept = await listKeptFiles(config);
  const files = await copyFiles(
    kept.filter(({ isOutside }) => !isOutside),
    join(folder, FILES),
  );
  const outside = await copyFiles(
    kept.filter(({ isOutside }) => isOutside),
    join(folder, OUTSIDE),
  );
  await copyConfiguration(options);
  const pictures = await writePictures(options);
  const manifest: BackupManifest = {
    format: 1,
    version: VERSION,
    created_at: new Date().toISOString(),
    site_id: config.site.id,
    ...database,
    files,
    outside,
    pictures,
  };
  // What restore would refuse is no backup.
  await writeDurably(join(folder, MANIFEST), `${JSON.stringify(parseManifest(manifest), undefined, 2)}\n`, 0o600);
  return manifest;
}

type SavedDatabase = Pick<BackupManifest, 'migrations' | 'partitions' | 'sequences' | 'tables'>;

async function writeDatabase(session: SqlSession, folder: string): Promise<SavedDatabase> {
  await beginSnapshot(session);
  const applied = await readApplied(session);
  if (applied.some(({ name }) => name.startsWith('timescale/'))) {
    throw new AlprError(
      'INPUT_INVALID',
      'Expected a database without TimescaleDB, whose own tools back it up: see docs/operations/backup-and-restore.md',
    );
  }
  const shapes = await listTables(session);
  await mkdir(join(folder, TABLES), { mode: 0o700 });
  const tables: BackupManifest['tables'] = [];
  const progress = startProgress(shapes.length, 'tables');
  for (const [at, { name, columns }] of shapes.entries()) {
    const file = `${TABLES}/${String(at).padStart(3, '0')}.copy.gz`;
    const shape = { name, columns: [...columns] };
    const content = await readContent(session, shape);
    tables.push({ ...shape, ...content, file, sha256: await writeGzip(join(folder, file), dumpTable(session, shape)) });
    progress.step();
  }
  progress.stop();
  return {
    migrations: applied.map(({ number, name, checksum }) => ({ number, name, checksum })),
    partitions: (await listSavedPartitions(session)) as BackupManifest['partitions'],
    sequences: [...(await listSequences(session))],
    tables,
  };
}

/** Resolves to the sha256 of the file. */
async function writeGzip(path: string, content: AsyncIterable<Uint8Array | string>): Promise<string> {
  const { hashing, digest } = createHashing();
  await pipeline(content, createGzip(), hashing, createWriteStream(path, { mode: 0o600, flush: true }));
  return digest();
}

async function copyFiles(kept: readonly KeptFile[], folder: string): Promise<BackupManifest['files']> {
  const files: BackupManifest['files'] = [];
  for (const { path, place } of kept) {
    const copy = join(folder, ...place.split('/'));
    await makeFolder(dirname(copy), { mode: 0o700 });
    const { hashing, digest } = createHashing();
    await pipeline(createReadStream(path), hashing, createWriteStream(copy, { mode: 0o600, flush: true }));
    files.push({ path: place, sha256: digest() });
  }
  return files;
}

function createHashing() {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(undefined, chunk);
    },
  });
  return { hashing, digest: () => hash.digest('hex') };
}

async function copyConfiguration({ config, configFile, folder }: BackupOptions): Promise<void> {
  await makeFolder(join(folder, CONFIGURATION), { mode: 0o700 });
  for (const file of [configFile, config.alerts.rules_file]) {
    if (file === undefined) continue;
    await copyFile(file, join(folder, CONFIGURATION, basename(file))).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

async function writePictures({
  sql,
  images,
  folder,
  withPictures,
}: BackupOptions): Promise<BackupManifest['pictures']> {
  let count = 0;
  let missing = 0;
  const target = withPictures ? await openFileImages(join(folder, PICTURES)) : undefined;
  async function* listed() {
    for await (const page of readPictureReferences(sql, undefined)) {
      for (const { key, sha256 } of page) {
        count += 1;
        if (target) {
          const picture = await images.get(key);
          if (picture) await target.put(key, picture.bytes, picture.contentType);
          else missing += 1;
        }
        yield `${JSON.stringify({ key, sha256 })}\n`;
      }
    }
  }
  await writeGzip(join(folder, PICTURE_LIST), listed());
  await target?.[Symbol.asyncDispose]();
  return { count, missing, copied: withPictures };
}
