import { createLog } from '../base/log.ts';
import { makeFolder } from '../base/make-folder.ts';
import { migrate } from '../db/migrate.ts';
import { type Database, openDatabase } from '../db/open.ts';
import type { Config } from './config.ts';

/** The configured database, of this version, for a command that also works while the system runs. */
export async function openSharedDatabase(config: Config): Promise<Database> {
  await makeFolder(config.data, { mode: 0o711 });
  const log = createLog({ ...config.log, level: 'warn' });
  const database = await openDatabase({ config: config.database, dataFolder: config.data, log, isShared: true });
  try {
    await migrate({ sql: database.sql, log });
    return database;
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}
