import type { Command } from 'commander';
import { readConfig } from '../options.ts';
import type { MetabaseFlags } from './metabase.ts';

const EXAMPLES = `
Examples:
  alpr db reports-role --secrets deploy/.env          the database role that Metabase reads with
  alpr metabase http://127.0.0.1:3000 --secrets deploy/.env --database timescaledb:5432/alpr
`;

/** `metabase`: our questions and dashboards in a Metabase that runs. */
export function addMetabaseCommands(program: Command): void {
  program
    .command('metabase')
    .description('give a running Metabase our database, questions and dashboards; a second run changes nothing')
    .addHelpText('after', EXAMPLES)
    .argument('<url>', 'address of Metabase')
    .requiredOption(
      '--secrets <file>',
      'file with the lines METABASE_EMAIL=…, METABASE_PASSWORD=… and REPORTS_DATABASE_PASSWORD=…',
    )
    .option('--database <address>', 'how Metabase reaches the database, as host:port/name; as configured, if left out')
    .option('--time-zone <name>', 'in which days are counted; that of the audit, if left out')
    .option('--without-plates', 'leave out the questions that read plates')
    .option('--new-password', 'have Metabase take the password of the database again')
    .action(async (url: string, flags: MetabaseFlags, command: Command) => {
      const { provisionMetabase } = await import('./metabase.ts');
      await provisionMetabase(readConfig(command), url, flags);
    });
}
