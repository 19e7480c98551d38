import type { Scope } from '../../contract/access.ts';
import { useCell } from '../data/cell.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { nameCamera } from './name-camera.ts';

/** Which cameras and sites somebody may see, in words. */
export function ScopeText({ scope }: { scope: NonNullable<Scope> | null }) {
  const { t } = useWords();
  const known = useCell(useServices().feed.cameras);
  if (scope === null) return t.people.everywhere;
  const names = scope.cameras.map((id) => nameCamera(id, known));
  const sites = scope.sites.length > 0 ? [t.people.sitesOf(scope.sites.join(', '))] : [];
  const cameras = names.length > 0 ? [t.people.camerasOf(names.join(', '))] : [];
  return [...sites, ...cameras].join('; ') || t.people.nowhere;
}
