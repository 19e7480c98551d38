import type { Command } from 'commander';
import { readConfig, splitList } from '../options.ts';
import type { PromoteFlags } from './promote.ts';
import type { PullFlags } from './pull.ts';

const KEY = `
Examples:
  alpr models key                     make the signing key, or show its public half
  alpr models key > release.pem       list this file in models.registry.trusted_keys of the other machines
`;

const REGISTER = `
Examples:
  alpr models register models/alpr-read    after alpr models key, once, which makes the signing key
  alpr models register out/reader --set models.registry.kind=mlflow --set models.registry.url=http://10.0.0.5:5000
`;

const PROMOTE = `
Examples:
  alpr models promote alpr-read 7 --challenger          edges read with it in shadow; no event changes
  alpr models promote alpr-read 7 --cameras gate,north  these cameras read with it
  alpr models promote alpr-read 7                       every edge switches to it
`;

const ROLLBACK = `
Examples:
  alpr models rollback alpr-read      every edge goes back to the champion before
  alpr models rollback alpr-read 7    version 7 is tried no longer, as challenger or on some cameras
`;

const PULL = `
Examples:
  alpr models pull alpr-read               the champion
  alpr models pull alpr-read@challenger
  alpr models pull alpr-read@7 --to /srv/models
`;

/** The commands of the model registry, below `alpr models`. */
export function addRegistryCommands(models: Command): void {
  models
    .command('key')
    .description('show the public key of the signing key, which is made if there is none')
    .addHelpText('after', KEY)
    .action(async (_flags: object, command: Command) => {
      const { showKey } = await import('./key.ts');
      await showKey(readConfig(command));
    });
  models
    .command('register')
    .description('load a model, check its golden pictures, sign it and store it as a new version')
    .argument('<folder>', 'folder of a model, with its model.json')
    .addHelpText('after', REGISTER)
    .action(async (folder: string, _flags: object, command: Command) => {
      const { registerModel } = await import('./register.ts');
      await registerModel(readConfig(command), folder);
    });
  models
    .command('promote')
    .description('make a version the champion for every edge, a challenger or a canary')
    .argument('<model>', 'name of the model')
    .argument('<version>', 'number of the version, as alpr models list shows it')
    .option('--challenger', 'let edges read with it in shadow, without changing events')
    .option('--cameras <list>', 'let only these cameras run it (canary)', splitList)
    .addHelpText('after', PROMOTE)
    .action(async (model: string, version: string, flags: PromoteFlags, command: Command) => {
      const { promoteModel } = await import('./promote.ts');
      await promoteModel(readConfig(command), { model, version, flags });
    });
  models
    .command('rollback')
    .description('go back to the previous champion, or end the trial of a version')
    .argument('<model>', 'name of the model')
    .argument('[version]', 'version that is tried and is to be tried no longer')
    .addHelpText('after', ROLLBACK)
    .action(async (model: string, version: string | undefined, _flags: object, command: Command) => {
      const { rollBackModel } = await import('./promote.ts');
      await rollBackModel(readConfig(command), model, version);
    });
  models
    .command('pull')
    .description('download a version signed by a trusted key into a folder of models')
    .argument('<model>', 'name of the model, with @champion, @challenger or @version')
    .option('--to <folder>', 'folder of models to write to (default: the first of models.folders)')
    .addHelpText('after', PULL)
    .action(async (model: string, flags: PullFlags, command: Command) => {
      const { pullModel } = await import('./pull.ts');
      await pullModel(readConfig(command), model, flags);
    });
}
