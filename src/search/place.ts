import { decodeCursor, encodeCursor } from '../store/page.ts';

/**
 * Where a page ended: the rank of its last hit (its cost, or its probability), its time and its id; and, where newer events
 * must not shift what is compared, the moment up to which it is.
 */
export type Place = Readonly<{ rank: number; at: string; id: string }>;

/** The place as an opaque text. */
export function encodePlace({ rank, at, id }: Place): string {
  return encodeCursor([rank, at, id]);
}

/** The place in a cursor; INPUT_INVALID when no search answered it. */
export function decodePlace(cursor: string): Place {
  const [rank, at, id] = decodeCursor(cursor, ['number', 'time', 'uuid']);
  return { rank: Number(rank), at: String(at), id: String(id) };
}

/** The place together with the moment up to which reads are compared. */
export function encodeLikelyPlace({ rank, at, id }: Place, until: string): string {
  return encodeCursor([rank, at, id, until]);
}

/** The place in a cursor of mode likelihood. */
export function decodeLikelyPlace(cursor: string): Place & Readonly<{ until: string }> {
  const [rank, at, id, until] = decodeCursor(cursor, ['number', 'time', 'uuid', 'time']);
  return { rank: Number(rank), at: String(at), id: String(id), until: String(until) };
}
