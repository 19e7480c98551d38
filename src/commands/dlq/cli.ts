import type { Command } from 'commander';
import { readConfig } from '../options.ts';
import type { LetterChoice, ListFlags } from './dlq.ts';

const EXAMPLES = `
Examples:
  alpr dlq list                                      what could not be handled, and why
  alpr dlq list --json --code SCHEMA_UNKNOWN         one line of JSON each, of one cause
  alpr dlq show alpr.events.plates:3:1204            headers and bytes of one
  alpr dlq replay alpr.events.plates:3:1204          hand it in again as it came
  alpr dlq replay --all --code SCHEMA_UNKNOWN        … all of one cause, once the cause is mended
  alpr dlq drop --all                                they are not wanted
`;

export function addDeadLetterCommands(program: Command): void {
  const dlq = program
    .command('dlq')
    .description('list messages that could not be handled, hand them in again or drop them')
    .addHelpText('after', EXAMPLES);
  dlq
    .command('list', { isDefault: true })
    .description('list the dead letters that nobody has decided on')
    .option('--json', 'one line of JSON each')
    .option('--code <code>', 'only those of this cause')
    .action(async (flags: ListFlags, command: Command) => {
      const { listDeadLetters } = await import('./dlq.ts');
      await listDeadLetters(readConfig(command), flags);
    });
  dlq
    .command('show')
    .description('show one dead letter with its headers and bytes')
    .argument('<id>', 'as alpr dlq list shows it')
    .option('--json', 'as one line of JSON, the bytes in base64')
    .action(async (id: string, flags: Readonly<{ json?: boolean }>, command: Command) => {
      const { showDeadLetter } = await import('./dlq.ts');
      await showDeadLetter(readConfig(command), id, flags);
    });
  dlq
    .command('replay')
    .description('hand dead letters in again as they came')
    .argument('[ids...]', 'as alpr dlq list shows them')
    .option('--all', 'all there are')
    .option('--code <code>', 'all of this cause')
    .action(async (ids: string[], flags: LetterChoice, command: Command) => {
      const { replayDeadLetters } = await import('./dlq.ts');
      await replayDeadLetters(readConfig(command), ids, flags);
    });
  dlq
    .command('drop')
    .description('take dead letters out for good')
    .argument('[ids...]', 'as alpr dlq list shows them')
    .option('--all', 'all there are')
    .option('--code <code>', 'all of this cause')
    .action(async (ids: string[], flags: LetterChoice, command: Command) => {
      const { dropDeadLetters } = await import('./dlq.ts');
      await dropDeadLetters(readConfig(command), ids, flags);
    });
}
