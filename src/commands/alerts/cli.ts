import type { Command } from 'commander';
import { readConfig } from '../options.ts';

const EXAMPLES = `
Examples:
  alpr alerts                                  hold events of Kafka against the rules, as a process of its own
  alpr alerts check config/alert_rules.yaml    what is wrong with a file of rules; ends with 1 if anything is
`;

/** `alerts check`, below the command of the service. */
export function addAlertsCommands(program: Command): void {
  program.commands
    .find((command) => command.name() === 'alerts')
    ?.addHelpText('after', EXAMPLES)
    .command('check')
    .description('read a file of rules and say what does not fit, and where; ends with 1 then')
    .argument('<file>', 'file with rules and channels')
    .action(async (file: string, _flags: object, command: Command) => {
      const { checkRulesFile } = await import('./alerts.ts');
      await checkRulesFile(readConfig(command), file);
    });
}
