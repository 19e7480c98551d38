import { FIRST_TIME } from '../../contract/plausible-time.ts';
import { scopeCondition } from '../../store/scope.ts';
import type { SearchFilter } from '../search.ts';

/** Collects bound values; `bind` returns the placeholder of a value. */
export class Bindings {
  readonly values: unknown[] = [];

  bind(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** The filter as one SQL condition, which always excludes retracted events. */
export function filterCondition(filter: SearchFilter, bindings: Bindings): string {
  const { scope, camera, site, region, vehicle, direction, zone, from, to, minConfidence } = filter;
  const conditions = ["status <> 'retracted'"];
  if (scope !== undefined) conditions.push(scopeCondition(scope, (value) => bindings.bind(value)));
  if (camera !== undefined) conditions.push(`camera_id = ${bindings.bind(camera)}`);
  if (site !== undefined) conditions.push(`site_id = ${bindings.bind(site)}`);
  if (region !== undefined) conditions.push(`region = ${bindings.bind(region)}`);
  if (vehicle !== undefined) conditions.push(`vehicle_type = ${bindings.bind(vehicle)}`);
  if (direction !== undefined) conditions.push(`directions @> ARRAY[${bindings.bind(direction)}]::text[]`);
  if (zone !== undefined) conditions.push(`zones @> ARRAY[${bindings.bind(zone)}]::text[]`);
  if (from !== undefined) conditions.push(`detected_at >= ${bindings.bind(from)}::timestamptz`);
  if (to !== undefined) conditions.push(`detected_at <= ${bindings.bind(to)}::timestamptz`);
  if (minConfidence !== undefined) conditions.push(`confidence >= ${bindings.bind(minConfidence)}::real`);
  return conditions.join(' AND ');
}

/** Whether the filter only leaves out impossible times, as in most searches. */
export function isUnfiltered(filter: SearchFilter): boolean {
  const { scope, camera, site, region, vehicle, direction, zone, from, to, minConfidence } = filter;
  const wanted = [scope, camera, site, region, vehicle, direction, zone, minConfidence];
  if (wanted.some((one) => one !== undefined)) return false;
  return from === FIRST_TIME && to !== undefined && Date.parse(to) > Date.now();
}
