import type { Command } from 'commander';
import { parseCount, readConfig } from '../options.ts';
import type { PlanFlags } from './plan.ts';

const EXAMPLES = `
Examples:
  alpr plan --cameras 200 --events-per-day 800 --days 90
  alpr plan --cameras 4 --disk 500GB               for how many days a disk lasts
  alpr plan --cameras 200 --set bus.kind=kafka --set 'bus.brokers=[kafka:9092]'
`;

export function addPlanCommands(program: Command): void {
  program
    .command('plan')
    .description('compute how much disk your cameras need, place by place')
    .requiredOption('--cameras <count>', 'how many cameras', parseCount)
    .option('--events-per-day <count>', 'vehicles that pass one camera in a day (default: 1000)', parseCount)
    .option('--days <count>', 'how long events are kept (default: privacy.retention.events_days, else 365)', parseCount)
    .option(
      '--picture-days <count>',
      'how long pictures are kept (default: privacy.retention.pictures_days, at most --days)',
      parseCount,
    )
    .option(
      '--hours-away <count>',
      'for how long the broker and the object store may be away (default: 72)',
      parseCount,
    )
    .option('--disk <size>', 'also say how many days this much disk lasts, for example 4TB')
    .option('--json', 'as one line of JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: PlanFlags, command: Command) => {
      const { printPlan } = await import('./plan.ts');
      printPlan(readConfig(command), flags);
    });
}
