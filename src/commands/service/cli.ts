import type { Command } from 'commander';
import type { AnyService } from '../../app/services.ts';
import type { InstallFlags } from './install.ts';

/** The configuration that units read unless `--config` names another. */
const CONFIG = '/etc/ovr-alpr/alpr.yaml';

const EXAMPLES = `
Examples:
  alpr service install                        the whole system as one unit: alpr-start.service
  alpr service install edge --devices video   the cameras alone, USB ones too
  alpr service install edge --devices jetson  the same on a Jetson, whose decoders are devices
  alpr service install ingest index alerts serve
`;

/** `service install`: units of systemd. */
export function addSystemdCommands(program: Command, services: readonly AnyService[]): void {
  program
    .command('service')
    .description('let systemd run the program')
    .command('install')
    .description('write hardened systemd units, and print how to start them')
    .argument('[names...]', 'start for everything, or services: edge, ingest, index, alerts, serve, metrics-consumer', [
      'start',
    ])
    .option('--data <folder>', 'data folder', '/var/lib/ovr-alpr')
    .option('--user <name>', 'account that they run as', 'alpr')
    .option('--devices <kind>', 'devices of this machine that they may use: none, video or jetson', 'none')
    .option('--out <folder>', 'folder for the units', '/etc/systemd/system')
    .addHelpText('after', EXAMPLES)
    .action(async (names: readonly string[], flags: InstallFlags, command: Command) => {
      const { installServices } = await import('./install.ts');
      await installServices(names, services, { ...flags, config: command.optsWithGlobals().config ?? CONFIG });
    });
}
