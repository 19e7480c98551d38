import type { Command } from 'commander';
import { readConfig } from '../options.ts';
import type { EraseFlags, ExportFlags, HoldFlags } from './privacy.ts';

const EXAMPLES = `
Examples:
  alpr privacy inventory                                     every place where plates live
  alpr privacy retention                                     what retention would remove now
  alpr privacy hold AB12CDE --reason 'Theft' --case 2026-17  nothing of the plate is removed
  alpr privacy erase AB12CDE --reason 'Asked by the owner' --dry-run
  alpr privacy erase AB12CDE --reason 'Asked by the owner' --scrub --out report.json
  alpr privacy export AB12CDE --out answer.zip               everything on a plate, for the person who asks
  alpr privacy verify report.json                            whether a report is as it was signed
`;

/** Everything about the plates that are kept. */
export function addPrivacyCommands(program: Command): void {
  const privacy = program
    .command('privacy')
    .description('say where plates live, hold, erase or hand out what is kept of one')
    .addHelpText('after', EXAMPLES);
  privacy
    .command('inventory')
    .description('list every place where plates live, and how much is in it')
    .option('--json', 'as one line of JSON')
    .action(async (flags: Readonly<{ json?: boolean }>, command: Command) => {
      const { showInventory } = await import('./privacy.ts');
      await showInventory(readConfig(command), flags);
    });
  privacy
    .command('retention')
    .description('list what retention would remove now, and remove nothing')
    .option('--json', 'as one line of JSON')
    .option('--dry-run', 'the same; the services remove what is due by themselves')
    .action(async (flags: Readonly<{ json?: boolean }>, command: Command) => {
      const { tryRetention } = await import('./privacy.ts');
      await tryRetention(readConfig(command), flags);
    });
  privacy
    .command('hold')
    .description('keep a plate or an event from retention and erasure')
    .argument('<subject>', 'a plate, or the id of an event')
    .requiredOption('--reason <sentence>', 'why')
    .option('--case <number>', 'number of the case; the hold is then of the class case')
    .option('--until <date>', 'when it ends, such as 2026-12-31')
    .action(async (subject: string, flags: HoldFlags, command: Command) => {
      const { setHold } = await import('./privacy.ts');
      await setHold(readConfig(command), subject, flags);
    });
  privacy
    .command('holds')
    .description('list the holds in force')
    .option('--ended', 'those that have ended instead')
    .action(async (flags: Readonly<{ ended?: boolean }>, command: Command) => {
      const { showHolds } = await import('./privacy.ts');
      await showHolds(readConfig(command), flags);
    });
  privacy
    .command('release')
    .description('end a hold')
    .argument('<id>', 'as alpr privacy holds shows it')
    .action(async (id: string, _flags: object, command: Command) => {
      const { releaseHold } = await import('./privacy.ts');
      await releaseHold(readConfig(command), id);
    });
  privacy
    .command('erase')
    .description('erase everything on a plate or of an event, in every place')
    .argument('<subject>', 'a plate, or the id of an event')
    .requiredOption('--reason <sentence>', 'why; it stands in the report')
    .option('--dry-run', 'say what would be erased, and erase nothing')
    .option('--scrub', 'rewrite the tables, the log and the index too, so that no freed byte remains')
    .option('--out <file>', 'write the signed report to a file')
    .action(async (subject: string, flags: EraseFlags, command: Command) => {
      const { erase } = await import('./privacy.ts');
      await erase(readConfig(command), subject, flags);
    });
  privacy
    .command('export')
    .description('write everything on a plate to a zip that a person can read')
    .argument('<plate>')
    .requiredOption('-o, --out <file>', 'the zip')
    .option('--look-ups', 'say in it who looked the plate up')
    .action(async (plate: string, flags: ExportFlags, command: Command) => {
      const { exportPlate } = await import('./privacy.ts');
      await exportPlate(readConfig(command), plate, flags);
    });
  privacy
    .command('verify')
    .description('check that the report of an erasure is as it was signed; needs no server')
    .argument('<file>')
    .action(async (file: string) => {
      const { verifyFile } = await import('./privacy.ts');
      await verifyFile(file);
    });
}
