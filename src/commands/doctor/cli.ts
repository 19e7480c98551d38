import type { Command } from 'commander';
import { readConfig } from '../options.ts';

export function addDoctorCommands(program: Command): void {
  program
    .command('doctor')
    .description(
      'say what is missing, whether every server answers, which accelerator is used, how well each camera reads and how high its characters are',
    )
    .action(async (_flags: object, command: Command) => {
      const { doctor } = await import('./doctor.ts');
      process.exitCode = await doctor(readConfig(command));
    });
}
