import { decodeCursor, encodeCursor } from '../store/page.ts';
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
  return encodeCursor([cost, at, id]);
}

/** The place in a cursor; INPUT_INVALID when no search answered it. */
export function decodePlace(cursor: string): Place {
  const [cost, at, id] = decodeCursor(cursor, ['number', 'time', 'uuid']);
  return { cost: Number(cost), at: String(at), id: String(id) };
}
