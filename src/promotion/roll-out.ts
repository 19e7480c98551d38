import { AlprError } from '../base/errors.ts';
import type { ModelDecision } from '../contract/api/models.ts';
import type { Sql, SqlSession } from '../db/sql.ts';
import type { ModelRegistry } from '../models/registry/registry.ts';
import { recordDecision } from '../store/models/decisions.ts';

type Rollout = Readonly<{
  sql: Sql | SqlSession;
  registry: Pick<ModelRegistry, 'list' | 'setAlias' | 'setCanary'>;
  decision: Omit<ModelDecision, 'at' | 'action'> & Readonly<{ action: 'promote' | 'canary' | 'refuse' }>;
}>;

/** Does in the registry what was decided on a version, from where edges take it, and keeps that it was decided. */
export async function rollOut({ sql, registry, decision }: Rollout): Promise<void> {
  const { model, version, action, cameras } = decision;
  switch (action) {
    case 'promote':
      await registry.setAlias(model, 'champion', version);
      break;
    case 'canary':
      await registry.setCanary(model, version, cameras);
      break;
    case 'refuse':
      await endTrial(registry, model, version);
  }
  await recordDecision(sql, decision);
}

/**
 * Ends the trial of a version, as challenger or on chosen cameras, even of one that must not be used. NOT_FOUND, or CONFLICT if it is
 * not on trial.
 */
export async function endTrial(registry: Rollout['registry'], model: string, version: string): Promise<void> {
  const found = (await registry.list()).find((one) => one.model === model && one.version === version);
  if (!found) throw new AlprError('NOT_FOUND', `There is no version ${version} of ${model} in the registry`);
  const isChallenger = found.aliases.includes('challenger');
  if (!isChallenger && found.canaryCameras.length === 0) {
    const message = `Expected version ${version} of ${model} to be the challenger or on chosen cameras, but it is neither; nothing has changed`;
    throw new AlprError('CONFLICT', message);
  }
  if (isChallenger) await registry.setAlias(model, 'challenger', undefined);
  if (found.canaryCameras.length > 0) await registry.setCanary(model, version, []);
}

/** Makes the champion before the current one the champion again. CONFLICT if there was none. */
export async function rollBack(
  sql: Sql,
  registry: Pick<ModelRegistry, 'rollBack'>,
  { model, by }: Readonly<{ model: string; by: string }>,
): Promise<string> {
  const { version } = await registry.rollBack(model);
  await recordDecision(sql, { model, version, action: 'rollback', cameras: [], by, figures: null });
  return version;
}
