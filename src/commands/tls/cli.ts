import type { Command } from 'commander';
import { parseCount, readConfig } from '../options.ts';
import type { CreateFlags } from './tls.ts';

const EXAMPLES = `
Examples:
  alpr tls create alpr.lan 192.168.1.20       for the names and addresses under which people open the page
`;

/** `tls create`: a certificate for a network that has no authority of its own. */
export function addTlsCommands(program: Command): void {
  program
    .command('tls')
    .description('certificates for a local network')
    .command('create')
    .description('make a self-signed certificate, and say how to use and trust it')
    .argument('<hosts...>', 'names and addresses of this machine')
    .option('--days <number>', 'how long it is valid', parseCount, 825)
    .option('--force', 'replace the certificate that is there; a running system takes the new one')
    .addHelpText('after', EXAMPLES)
    .action(async (hosts: readonly string[], flags: CreateFlags, command: Command) => {
      const { createCertificate } = await import('./tls.ts');
      await createCertificate(readConfig(command), hosts, flags);
    });
}
