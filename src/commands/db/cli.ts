import type { Command } from 'commander';
import { readConfig } from '../options.ts';
import type { ReportsRoleFlags } from './reports-role.ts';

/** `db migrate`, `db status`, and `reindex`, which fills the search index from the database. */
export function addDatabaseCommands(program: Command): void {
  const db = program.command('db').description('migrate the database, or say what is in it');
  db.command('migrate')
    .description('bring the database to this version; the services do the same when they start')
    .action(async (_flags: object, command: Command) => {
      const { migrateDatabase } = await import('./db.ts');
      await migrateDatabase(readConfig(command));
    });
  db.command('status', { isDefault: true })
    .description('print version, pending migrations, partitions and sizes')
    .option('--json', 'the same as one line of JSON')
    .action(async (flags: Readonly<{ json?: boolean }>, command: Command) => {
      const { showDatabase } = await import('./db.ts');
      await showDatabase(readConfig(command), flags);
    });
  db.command('reports-role')
    .description('create or change the database role that reads reports and nothing else, for Metabase and the like')
    .option('--secrets <file>', 'file with the line REPORTS_DATABASE_PASSWORD=…')
    .option('--without-plates', 'do not let it see the texts of plates')
    .option('--remove', 'remove the role')
    .action(async (flags: ReportsRoleFlags, command: Command) => {
      const { changeReportsRole } = await import('./reports-role.ts');
      await changeReportsRole(readConfig(command), flags);
    });
  program
    .command('reindex')
    .description('rebuild the search index from the database and switch to it; continues where it was stopped')
    .action(async (_flags: object, command: Command) => {
      const { reindex } = await import('./reindex.ts');
      process.exitCode = await reindex(readConfig(command));
    });
}
