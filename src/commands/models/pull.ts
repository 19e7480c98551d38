import { join, resolve } from 'node:path';
import type { Config } from '../../app/config.ts';
import { AlprError } from '../../base/errors.ts';
import { openModelRegistry } from '../../models/registry/open.ts';
import { pullVersion } from '../../models/registry/pull.ts';
import type { ModelVersion } from '../../models/registry/registry.ts';

export type PullFlags = Readonly<{ to?: string }>;

/** Brings a version into the first models folder, or another, once it is whole and signed by a trusted key. */
export async function pullModel(config: Config, wanted: string, { to }: PullFlags): Promise<void> {
  await using registry = await openModelRegistry({ config: config.models.registry, dataFolder: config.data });
  const version = choose(await registry.list(), wanted);
  if (version.fault !== null) {
    throw new AlprError(
      'MODEL_UNTRUSTED',
      `Version ${version.version} of ${version.model} must not be used: ${version.fault}`,
    );
  }
  const name = `${version.model}@${version.version}`;
  const folder = join(resolve(to ?? config.models.folders[0] ?? 'models'), name);
  await pullVersion({ registry, version, folder });
  const setting = { detect: 'detector', read: 'reader', words: 'words' }[version.card?.task ?? 'read'];
  process.stdout.write(`${folder}  ${version.id}\nUse it:  alpr start --set models.${setting}=${name}\n`);
}

/** `model`, `model@alias` or `model@version`; without either the champion. */
function choose(versions: readonly ModelVersion[], wanted: string): ModelVersion {
  const [model = '', which = 'champion'] = wanted.split('@');
  const own = versions.filter((version) => version.model === model);
  const found = own.find(({ version, aliases }) => version === which || aliases.some((alias) => alias === which));
  if (found) return found;
  const names = [...new Set(versions.map((version) => version.model))];
  const has =
    own.length > 0
      ? `versions ${own.map(({ version }) => version).join(', ')}`
      : `only ${names.join(', ') || 'no model'}`;
  throw new AlprError('NOT_FOUND', `Expected ${which} of ${model} in the registry, which has ${has}`);
}
