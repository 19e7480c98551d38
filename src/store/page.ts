import { AlprError } from '../base/errors.ts';

type Kind = 'number' | 'time' | 'uuid' | 'text';

/** One page of a list and the cursor of the next, null at the end. */
export type Page<T> = Readonly<{ items: readonly T[]; next: string | null }>;

/** A place in a list as an opaque text that survives an address bar. */
export function encodeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place that `encodeCursor` made; INPUT_INVALID unless each part has the type that `kinds` tells. */
export function decodeCursor(cursor: string, kinds: readonly Kind[]): (string | number)[] {
  const place = parse(cursor);
  if (place?.length === kinds.length && place.every((part, index) => fits(part, kinds[index]))) return place;
  throw new AlprError('INPUT_INVALID', 'Expected a cursor as a previous answer gave it; start without one');
}

function parse(cursor: string): (string | number)[] | undefined {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(place) ? place : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function fits(part: unknown, kind: Kind | undefined): boolean {
  if (kind === 'number') return typeof part === 'number' && Number.isFinite(part);
  if (typeof part !== 'string') return false;
  if (kind === 'text') return true;
  if (kind === 'uuid') return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(part);
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(part) && !Number.isNaN(Date.parse(part));
}
