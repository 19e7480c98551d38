import type { ModelDecision } from '../contract/api/models.ts';
import type { Sql, SqlSession } from '../db/sql.ts';
import type { ModelRegistry } from '../models/registry/registry.ts';
import { recordDecision } from '../store/models/decisions.ts';

type Rollout = Readonly<{
  sql: Sql | SqlSession;
  registry: Pick<ModelRegistry, 'setAlias' | 'setCanary'>;
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
      await registry.setCanary(model, version, []);
      await registry.setAlias(model, 'challenger', undefined);
  }
  await recordDecision(sql, decision);
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
