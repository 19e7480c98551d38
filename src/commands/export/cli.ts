import type { Command } from 'commander';
import { parseDate, readConfig } from '../options.ts';
import type { TrainingFlags } from './training.ts';

const EXAMPLES = `
Examples:
  alpr export training -o ~/data/corrections                    everything that people confirmed or corrected
  alpr export training -o march/ --from 2026-03-01 --to 2026-04-01
`;

/** `export`: what leaves the system as files. */
export function addExportCommands(program: Command): void {
  program
    .command('export')
    .description('write what people decided as training rows')
    .command('training')
    .description('write pictures and texts of reviewed plates as a training set (review.export_training: true)')
    .requiredOption('-o, --out <folder>', 'where to; it must not hold a set yet')
    .option('--from <date>', 'plates that were read from this day on, such as 2026-03-01', parseDate)
    .option('--to <date>', 'plates that were read until this day', parseDate)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: TrainingFlags, command: Command) => {
      const { writeTraining } = await import('./training.ts');
      await writeTraining(readConfig(command), flags);
    });
}
