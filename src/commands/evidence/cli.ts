import type { Command } from 'commander';
import { readConfig } from '../options.ts';
import type { EvidenceFlags, VerifyFlags } from './evidence.ts';

const EXAMPLES = `
Examples:
  alpr evidence 019b2e3c-7a00-7000-8000-000000000001 -o evidence.zip
  alpr evidence verify evidence.zip                 whether anything was changed, without the database
  alpr evidence verify evidence.zip --key 3f9a41c7d052 and whether this key signed it, whose fingerprint you know from elsewhere
`;

/** `evidence`: everything that speaks for one event, signed, and whether such a file is whole. */
export function addEvidenceCommands(program: Command): void {
  const evidence = program
    .command('evidence')
    .description('write everything that speaks for one event as a signed zip, or check such a zip')
    .addHelpText('after', EXAMPLES);
  evidence
    .command('make', { isDefault: true })
    .description('write the zip, also while the system runs')
    .argument('<event>', 'id of the event')
    .requiredOption('-o, --out <file>', 'the zip to write; it must not exist yet')
    .action(async (event: string, flags: EvidenceFlags, command: Command) => {
      const { makeEvidence } = await import('./evidence.ts');
      await makeEvidence(readConfig(command), event, flags);
    });
  evidence
    .command('verify')
    .description('name what was changed in a zip; ends with 1 when anything was')
    .argument('<file>', 'the zip')
    .option('--key <fingerprint>', 'fingerprint of the key that must have signed it, or at least its first 12 digits')
    .action(async (file: string, flags: VerifyFlags) => {
      const { checkEvidence } = await import('./evidence.ts');
      process.exitCode = await checkEvidence(file, flags);
    });
}
