import type { Scope } from '../../contract/access.ts';
import type { Words } from '../words.ts';

/** Which cameras and sites somebody may see, in words. */
export function describeScope(scope: NonNullable<Scope> | null, { t }: Words): string {
  if (scope === null) return t.people.everywhere;
  const sites = scope.sites.length > 0 ? [t.people.sitesOf(scope.sites.join(', '))] : [];
  const cameras = scope.cameras.length > 0 ? [t.people.camerasOf(scope.cameras.join(', '))] : [];
  return [...sites, ...cameras].join('; ') || t.people.nowhere;
}
