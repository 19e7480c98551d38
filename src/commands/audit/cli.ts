import type { Command } from 'commander';
import { parseDate, readConfig } from '../options.ts';
import type { ExportFlags, VerifyFlags } from './audit.ts';

const EXAMPLES = `
Examples:
  alpr audit verify                                whether the database has the whole chain, and what was done to it if not
  alpr audit export --from 2026-11-01 > audit.ndjson
  alpr audit verify audit.ndjson                   the same of an export, without the database; ends with 1 when it is broken
  alpr audit verify audit.ndjson --key 3f9a41c7d052 only if this key signed it, whose fingerprint you know from elsewhere
`;

export function addAuditCommands(program: Command): void {
  const audit = program
    .command('audit')
    .description('check or export the audit: who did what, when and what for')
    .addHelpText('after', EXAMPLES);
  audit
    .command('verify')
    .description('follow the chain link by link and name the first that is broken; ends with 1 then')
    .argument('[file]', 'an export; the configured database, if left out')
    .option('--key <fingerprint>', 'fingerprint of the key that must have signed it, or at least its first 12 digits')
    .option('--json', 'the result as one line of JSON')
    .action(async (file: string | undefined, flags: VerifyFlags, command: Command) => {
      const { verifyAudit } = await import('./audit.ts');
      process.exitCode = await verifyAudit(readConfig(command), file, flags);
    });
  audit
    .command('export')
    .description('write the signed chain as lines of JSON to standard output; plates stay encrypted')
    .option('--from <date>', 'entries from this day on alone, for example 2026-11-01', parseDate)
    .option('--to <date>', 'entries before this day alone', parseDate)
    .action(async (flags: ExportFlags, command: Command) => {
      const { exportAudit } = await import('./audit.ts');
      await exportAudit(readConfig(command), flags);
    });
}
