import { type Command, Option } from 'commander';
import { readConfig } from '../options.ts';
import type { ReadFlags } from './read.ts';

export function addReadCommands(program: Command): void {
  program
    .command('read')
    .description('read the plates of pictures, folders, globs and videos')
    .argument('<files...>', 'pictures, folders, globs or videos')
    .option('--json', 'one line of JSON for each picture or video')
    .option('--out <folder>', 'write each picture with its plates marked')
    .addOption(
      new Option('--rotate <degrees>', 'turn clockwise; auto: as the file says')
        .choices(['auto', '0', '90', '180', '270'])
        .default('auto'),
    )
    .option('--start <time>', 'when a video began, such as 2026-11-29T10:15:30+01:00')
    .action(async (files: string[], flags: ReadFlags, command: Command) => {
      const { read } = await import('./read.ts');
      process.exitCode = await read(readConfig(command), files, flags);
    });
}
