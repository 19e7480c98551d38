import { AlprError } from '../../base/errors.ts';
import type { ModelVersion } from './registry.ts';

/**
 * The champion among the versions of a model, and the one before it: the last that became champion and was not rolled back since.
 * CONFLICT if there is none.
 */
export function findPrevious(
  model: string,
  versions: readonly ModelVersion[],
): Readonly<{ current: ModelVersion; previous: ModelVersion }> {
  const current = versions.find(({ aliases }) => aliases.includes('champion'));
  if (!current) throw new AlprError('CONFLICT', `Expected a champion of ${model} to roll back, but there is none`);
  const [previous] = versions
    .filter(({ version, championAt, rolledBackAt }) => version !== current.version && championAt && !rolledBackAt)
    .toSorted((a, b) => Date.parse(b.championAt ?? '') - Date.parse(a.championAt ?? ''));
  if (previous) return { current, previous };
  throw new AlprError(
    'CONFLICT',
    `Expected a champion of ${model} before version ${current.version}, but it is the first; promote another version instead`,
  );
}
