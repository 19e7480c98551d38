import type { Command } from 'commander';
import { parseCount, readConfig } from '../options.ts';
import type { TraceFlags } from './trace.ts';

const EXAMPLES = `
Examples:
  alpr trace 019b2e3c-7a00-7000-8000-000000000001                when it was seen, published, stored, sent
  alpr trace 019b2e3c7a0070008000000000000001                    the same by the id of its trace
  alpr trace 019b2e3c-7a00-7000-8000-000000000001 --minutes 1440 search a day of the topic for one that is not stored
`;

/** `trace`: where an event was, and when. */
export function addTraceCommands(program: Command): void {
  program
    .command('trace')
    .description('say where an event was when, or where it waits; ends with 1 when it is nowhere')
    .argument('<event>', 'id of the event, or of its trace')
    .option('--minutes <number>', 'how much of the topic of events is searched, newest first (default: 60)', parseCount)
    .option('--json', 'as one line of JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (event: string, flags: TraceFlags, command: Command) => {
      const { showTrace } = await import('./trace.ts');
      process.exitCode = await showTrace(readConfig(command), event, flags);
    });
}
