import type { Command } from 'commander';
import { parseCount, parseDate, readConfig } from '../options.ts';
import type { VerifyFlags } from './verify.ts';

const EXAMPLES = `
Examples:
  alpr images verify                              what does not fit; changes nothing, ends with 1 when something does not
  alpr images verify --repair /backup/images      bring back what a backup has
  alpr images verify --delete-orphans --older-than 720
`;

export function addImagesCommands(program: Command): void {
  program
    .command('images')
    .description('compare events and pictures')
    .command('verify')
    .description('compare events and pictures both ways: missing, damaged, without an event')
    .option('--repair <folder>', 'restore missing and damaged pictures from this folder, where the sha256 fits')
    .option('--delete-orphans', 'delete pictures that no event speaks of')
    .option('--older-than <hours>', 'how old such a picture must be (default: 168)', parseCount)
    .option('--since <date>', 'events from this day on alone, for example 2026-11-01', parseDate)
    .option('--json', 'the result as one line of JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: VerifyFlags, command: Command) => {
      const { verifyImages } = await import('./verify.ts');
      process.exitCode = await verifyImages(readConfig(command), flags);
    });
}
