import { AlprError } from '../base/errors.ts';
import type { Permission, Scope } from '../contract/access.ts';
import type { Principal } from './principal.ts';

/** Whether whoever may see `outer` may see all of `inner`. Which cameras a site has is not known, so names decide. */
export function covers(outer: Scope, inner: Scope): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  const [cameras, sites] = [new Set(outer.cameras), new Set(outer.sites)];
  return inner.cameras.every((camera) => cameras.has(camera)) && inner.sites.every((site) => sites.has(site));
}

type Grant = Readonly<{ permissions: readonly Permission[]; scope: Scope }>;

/** FORBIDDEN where somebody would give what they do not have. */
export function requireOwn({ name, permissions: own, scope }: Principal, given: Grant): void {
  const missing = given.permissions.filter((permission) => !own.has(permission));
  if (missing.length > 0) {
    throw new AlprError('FORBIDDEN', `Expected permissions that ${name} has, ${missing.join(', ')} not among them`);
  }
  if (covers(scope, given.scope)) return;
  throw new AlprError('FORBIDDEN', `Expected only cameras and sites that ${name} may see`);
}
