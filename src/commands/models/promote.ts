import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../../app/config.ts';
import { openCommandAudit } from '../../app/open-command-audit.ts';
import { openModelRegistry } from '../../models/registry/open.ts';
import { endTrial } from '../../promotion/roll-out.ts';

export type PromoteFlags = Readonly<{ challenger?: boolean; cameras?: readonly string[] }>;

/** Makes a version the champion, the challenger, or what some cameras run. */
export async function promoteModel(
  config: Config,
  { model, version, flags }: Readonly<{ model: string; version: string; flags: PromoteFlags }>,
): Promise<void> {
  const { challenger = false, cameras } = flags;
  await using registry = await openModelRegistry({ config: config.models.registry, dataFolder: config.data });
  await record(config, 'models promote', { model, version, challenger, cameras });
  if (challenger) await registry.setAlias(model, 'challenger', version);
  if (cameras) await registry.setCanary(model, version, cameras);
  if (!challenger && !cameras) await registry.setAlias(model, 'champion', version);
  const roles = [
    ...(challenger ? ['the challenger: edges read with it in shadow, and no event changes'] : []),
    ...(cameras ? [`what ${cameras.join(', ')} read with`] : []),
    ...(challenger || cameras ? [] : ['the champion: every edge switches to it']),
  ];
  process.stdout.write(`${model} ${version} is now ${roles.join(', and ')}.\n`);
}

/** Makes the champion before the current one the champion again; or ends the trial of a version, which is no champion. */
export async function rollBackModel(config: Config, model: string, version?: string): Promise<void> {
  await using registry = await openModelRegistry({ config: config.models.registry, dataFolder: config.data });
  await record(config, 'models rollback', { model, version });
  if (version !== undefined) {
    await endTrial(registry, model, version);
    process.stdout.write(`The trial of ${model} ${version} has ended.\n`);
    return;
  }
  const champion = await registry.rollBack(model);
  process.stdout.write(`${model} ${champion.version} (${champion.id}) is the champion again.\n`);
}

/** Writes it down where this machine has a database; one that only trains models may have none. */
async function record(config: Config, operation: string, query: Readonly<Record<string, unknown>>): Promise<void> {
  const { database } = config;
  if (database.kind === 'embedded' && !existsSync(resolve(config.data, database.folder))) return;
  await using audit = await openCommandAudit(config);
  await audit.record({ action: 'change', operation, query });
}
