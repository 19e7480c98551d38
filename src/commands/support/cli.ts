import type { Command } from 'commander';
import { collect, readConfig } from '../options.ts';

export function addSupportCommands(program: Command): void {
  program
    .command('support-bundle')
    .description('write a zip that tells those who help what runs here and what is wrong, without secrets and plates')
    .option('--out <file>', 'the zip to write (default: support-DATE.zip)')
    .option('--log <file>', 'a file of the log, of which the newest lines are taken; may be repeated', collect)
    .action(async (flags: Readonly<{ out?: string; log?: string[] }>, command: Command) => {
      const { writeSupportBundle } = await import('./bundle.ts');
      await writeSupportBundle(readConfig(command), { logs: [], ...flags, ...(flags.log && { logs: flags.log }) });
    });
}
