import type { Command } from 'commander';
import { readConfig } from '../options.ts';

export function addConfigCommands(program: Command): void {
  program
    .command('config')
    .description('print the configuration in force, without passwords')
    .option('--schema', 'print its JSON schema instead')
    .action(async (flags: Readonly<{ schema?: boolean }>, command: Command) => {
      const { printConfig } = await import('./config.ts');
      printConfig(flags.schema ? undefined : readConfig(command));
    });
}
