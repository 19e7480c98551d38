import type { Command } from 'commander';
import { readConfig, splitList } from '../options.ts';
import type { NewUserFlags } from './users.ts';

const EXAMPLES = `
Examples:
  alpr users add anna --role admin            print a link with which anna chooses a password
  alpr users add ben --role operator --cameras gate,yard
  alpr users add robot --role viewer --password-stdin < password.txt
  alpr users reset anna                       for a forgotten password or a lost phone
`;

/** `users`: accounts, straight from the database, also while the system runs. */
export function addUserCommands(program: Command): void {
  const users = program
    .command('users')
    .description('add, list, reset, disable and enable accounts of people')
    .addHelpText('after', EXAMPLES);
  users
    .command('add')
    .description('add an account and print a one-time link to its first password')
    .argument('<name>', 'how this person signs in')
    .requiredOption('--role <role>', 'admin, operator, viewer or auditor')
    .option('--cameras <list>', 'only these cameras', splitList)
    .option('--sites <list>', 'only these sites', splitList)
    .option('--password-stdin', 'read the password from standard input instead of printing a link')
    .action(async (name: string, flags: NewUserFlags, command: Command) => {
      const { addUser } = await import('./users.ts');
      await addUser(readConfig(command), name, flags);
    });
  users
    .command('list', { isDefault: true })
    .description('list all accounts')
    .option('--json', 'one line of JSON each')
    .action(async (flags: Readonly<{ json?: boolean }>, command: Command) => {
      const { listUsers } = await import('./users.ts');
      await listUsers(readConfig(command), flags);
    });
  users
    .command('reset')
    .description('take password, second factor and sessions away and print a one-time link to a new password')
    .argument('<name>', 'as alpr users list shows it')
    .option('--password-stdin', 'read the new password from standard input instead of printing a link')
    .action(async (name: string, flags: Readonly<{ passwordStdin?: boolean }>, command: Command) => {
      const { resetUser } = await import('./users.ts');
      await resetUser(readConfig(command), name, flags);
    });
  users
    .command('disable')
    .description('let somebody in no more and end their sessions; what they did stays in the audit')
    .argument('<name>', 'as alpr users list shows it')
    .action(async (name: string, _flags: object, command: Command) => {
      const { disableUser } = await import('./users.ts');
      await disableUser(readConfig(command), name, true);
    });
  users
    .command('enable')
    .description('let somebody in again')
    .argument('<name>', 'as alpr users list shows it')
    .action(async (name: string, _flags: object, command: Command) => {
      const { disableUser } = await import('./users.ts');
      await disableUser(readConfig(command), name, false);
    });
}
