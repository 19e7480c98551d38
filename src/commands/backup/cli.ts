import type { Command } from 'commander';
import { readConfig } from '../options.ts';
import type { BackupFlags } from './backup.ts';

const EXAMPLES = `
Examples:
  alpr backup /backup/2026-11-30                     the database, keys, configuration and the list of pictures
  alpr backup /backup/2026-11-30 --pictures          the pictures too
  alpr restore /backup/2026-11-30                    into an empty data folder or database, with the program stopped
  alpr restore /backup/2026-11-30 --data new-data
`;

export function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .description('back up the whole system into a folder, even while it runs')
    .argument('<folder>', 'an empty or new folder')
    .option('--pictures', 'copy the pictures too, not only a list of them')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, flags: BackupFlags, command: Command) => {
      const { backUp } = await import('./backup.ts');
      const { config: file } = command.optsWithGlobals<{ config?: string }>();
      await backUp(readConfig(command), folder, { ...flags, configFile: file ?? 'alpr.yaml' });
    });
  program
    .command('restore')
    .description('restore a backup into an unused system and verify every table')
    .argument('<folder>', 'folder of the backup')
    .option('--data <folder>', 'folder of everything that is kept (setting data)')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, _flags: object, command: Command) => {
      const { restore } = await import('./backup.ts');
      await restore(readConfig(command), folder);
    });
}
