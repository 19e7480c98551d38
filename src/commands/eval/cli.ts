import type { Command } from 'commander';
import { collect, parseCount, readConfig } from '../options.ts';
import type { EvalFlags } from './evaluate.ts';

export function addEvalCommands(program: Command): void {
  program
    .command('eval')
    .description('measure the models on pictures whose truth is known (labels.jsonl or truth.csv)')
    .argument('<folder>', 'folder with pictures and their truth')
    .option('--crops', 'every picture is a crop of one plate: read it, do not search it')
    .option('--split <name>', 'only rows of this split, for example val')
    .option('--only <prefix>', 'only files whose name begins with this')
    .option('--single', 'only pictures with exactly one plate whose text is known')
    .option('--texts <folder>', 'take the texts of pictures from a folder of crops that name their source')
    .option('--limit <number>', 'only the first rows', parseCount)
    .option(
      '--held-out <percent>',
      'only texts that training held out: md5 of the text modulo 100 below this',
      parseCount,
    )
    .option('--compare <model>', 'the same through another reader or detector; may be repeated', collect)
    .option('--html <folder>', 'write a page with all figures and the pictures that went wrong')
    .option('--json', 'the result as one line of JSON')
    .action(async (folder: string, flags: EvalFlags, command: Command) => {
      const { evaluate } = await import('./evaluate.ts');
      process.exitCode = await evaluate(readConfig(command), folder, flags);
    });
}
