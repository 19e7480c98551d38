import type { Command } from 'commander';
import { AlprError } from '../../base/errors.ts';
import type { Rotation } from '../../camera/config.ts';
import { readConfig } from '../options.ts';
import type { ReadFlags } from './read.ts';

export function addReadCommands(program: Command): void {
  program
    .command('read')
    .description('read the plates of pictures, folders, globs and videos')
    .argument('<files...>', 'pictures, folders, globs or videos')
    .option('--json', 'one line of JSON for each picture or video')
    .option('--out <folder>', 'write each picture with its plates marked')
    .option('--rotate <degrees>', 'turn clockwise by 0, 90, 180 or 270; auto: as the file says', parseRotation)
    .option('--start <time>', 'when a video began, such as 2026-11-29T10:15:30+01:00')
    .action(async (files: string[], flags: ReadFlags, command: Command) => {
      const { read } = await import('./read.ts');
      process.exitCode = await read(readConfig(command), files, flags);
    });
}

function parseRotation(text: string): Rotation {
  if (text === 'auto') return text;
  if (['0', '90', '180', '270'].includes(text)) return Number(text);
  throw new AlprError('INPUT_INVALID', `Expected auto, 0, 90, 180 or 270, got "${text}"`);
}
