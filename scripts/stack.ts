import { Command, InvalidArgumentError } from 'commander';
import { installServers } from './stack/install.ts';
import { PACKAGES, type ServerName } from './stack/packages.ts';

const EXAMPLES = `
Examples:
  npm run stack                          all servers, for trying the distributed system by hand
  npm run stack -- --only kafka,s3       these alone
  npm run stack -- --install             installs what is missing and ends`;

const NAMES = Object.keys(PACKAGES) as ServerName[];

type Flags = Readonly<{ only?: readonly ServerName[]; install?: boolean }>;

const program = new Command('stack')
  .description(
    'Starts the real servers on this machine without containers: Kafka, Schema Registry, OpenSearch, S3, PostgreSQL',
  )
  .option('--only <names>', `comma-separated, out of ${NAMES.join(', ')}`, parseNames)
  .option('--install', 'install what is missing, start nothing')
  .addHelpText('after', EXAMPLES);
program.parse();
const flags = program.opts<Flags>();

if (flags.install) process.exitCode = await install(flags.only ?? NAMES);

async function install(names: readonly ServerName[]): Promise<number> {
  const faults = await installServers(names, say);
  for (const [name, why] of faults) say(`${name} cannot be installed: ${why}`);
  return faults.size > 0 ? 1 : 0;
}

function parseNames(text: string): readonly ServerName[] {
  return text.split(',').map((name) => {
    const known = NAMES.find((one) => one === name.trim());
    if (known) return known;
    throw new InvalidArgumentError(`Expected names out of ${NAMES.join(', ')}, got "${name}".`);
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
