import type { Command } from 'commander';
import { parseDate, readConfig, splitList } from '../options.ts';
import type { NewTokenFlags } from './tokens.ts';

const EXAMPLES = `
Examples:
  alpr tokens create --name prometheus --permissions metrics --expires never
  alpr tokens create --name gate --permissions events:read,images --cameras gate --expires 2027-01-01
  alpr tokens list                            who has one, and when it was last used
`;

/** `tokens`: keys for programs, straight from the database, also while the system runs. */
export function addTokenCommands(program: Command): void {
  const tokens = program
    .command('tokens')
    .description('make, list, rotate and revoke the tokens of programs')
    .addHelpText('after', EXAMPLES);
  tokens
    .command('create')
    .description('make a token and print it, this once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--permissions <list>', 'what it lets through, such as events:read,search', splitList)
    .requiredOption('--expires <date>', 'when it ends, such as 2027-01-01, or never', parseExpiry)
    .option('--cameras <list>', 'only these cameras', splitList)
    .option('--sites <list>', 'only these sites', splitList)
    .action(async (flags: NewTokenFlags, command: Command) => {
      const { createToken } = await import('./tokens.ts');
      await createToken(readConfig(command), flags);
    });
  tokens
    .command('list', { isDefault: true })
    .description('list all tokens, newest first')
    .option('--json', 'one line of JSON each')
    .action(async (flags: Readonly<{ json?: boolean }>, command: Command) => {
      const { listTokens } = await import('./tokens.ts');
      await listTokens(readConfig(command), flags);
    });
  tokens
    .command('rotate')
    .description('replace a token and print the new one, this once; the former one opens for a day more')
    .argument('<id>', 'as alpr tokens list shows it')
    .action(async (id: string, _flags: object, command: Command) => {
      const { rotateToken } = await import('./tokens.ts');
      await rotateToken(readConfig(command), id);
    });
  tokens
    .command('revoke')
    .description('end a token at once')
    .argument('<id>', 'as alpr tokens list shows it')
    .action(async (id: string, _flags: object, command: Command) => {
      const { revokeToken } = await import('./tokens.ts');
      await revokeToken(readConfig(command), id);
    });
}

function parseExpiry(text: string): Date | 'never' {
  return text === 'never' ? text : parseDate(text);
}
