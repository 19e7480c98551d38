import type { Scope } from '../contract/access.ts';

/** The condition that leaves what a scope admits, on tables with both columns. `bind` returns the placeholder of a value. */
export function scopeCondition(scope: Scope, bind: (value: unknown) => string): string {
  if (scope === undefined) return 'true';
  const { cameras, sites } = scope;
  const lists = [
    // An empty list only keeps PostgreSQL from using the index of the other.
    ...(cameras.length > 0 ? [`camera_id = ANY (${bind(cameras)}::text[])`] : []),
    ...(sites.length > 0 ? [`site_id = ANY (${bind(sites)}::text[])`] : []),
  ];
  return lists.length > 0 ? `(${lists.join(' OR ')})` : 'false';
}
