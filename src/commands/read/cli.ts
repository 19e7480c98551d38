import type { Command } from 'commander';
import { readConfig } from '../options.ts';
import type { ReadFlags } from './read.ts';

export function addReadCommands(program: Command): void {
  program
    .command('read')
    .description('read the plates of pictures, folders, globs and videos')
    .argument('<files...>', 'pictures, folders, globs or videos')
    .option('--json', 'one line of JSON for each picture or video')
    .option('--out <folder>', 'write each picture with its plates marked')
    .action(async (files: string[], flags: ReadFlags, command: Command) => {
      const { read } = await import('./read.ts');
      process.exitCode = await read(readConfig(command), files, flags);
    });
}
