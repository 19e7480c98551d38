import { AlprError } from '../base/errors.ts';
import type { SearchQuery } from './search.ts';

/** Collects bound values; `bind` answers the value's name in the statement. */
export class Bindings {
  readonly values: unknown[] = [];

  bind(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** The conditions of camera, time and confidence, ready to be joined by AND. */
export function filterConditions(query: SearchQuery, bindings: Bindings): string[] {
  const conditions: string[] = [];
  if (query.camera !== undefined) conditions.push(`camera_id = ${bindings.bind(query.camera)}`);
  if (query.from !== undefined) conditions.push(`detected_at >= ${bindings.bind(query.from)}::timestamptz`);
  if (query.to !== undefined) conditions.push(`detected_at <= ${bindings.bind(query.to)}::timestamptz`);
  if (query.minConfidence !== undefined) conditions.push(`confidence >= ${bindings.bind(query.minConfidence)}::real`);
  return conditions;
}

/** Where a page ended: the cost of its last hit, its time and its id. */
export type Place = Readonly<{ cost: number; at: string; id: string }>;

/** The place as an opaque text. */
export function encodePlace({ cost, at, id }: Place): string {
  return Buffer.from(JSON.stringify([cost, at, id])).toString('base64url');
}

/** The place in a cursor; INPUT_INVALID when no search answered it. */
export function decodePlace(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(place) && place.length === 3) {
      const [cost, at, id] = place as [unknown, unknown, unknown];
      if (typeof cost === 'number' && isTime(at) && isUuid(id)) return { cost, at, id };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new AlprError('INPUT_INVALID', 'Expected a cursor as a previous answer gave it; start without one');
}

function isTime(part: unknown): part is string {
  return (
    typeof part === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(part) && !Number.isNaN(Date.parse(part))
  );
}

function isUuid(part: unknown): part is string {
  return typeof part === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(part);
}
