import { decodeCursor, encodeCursor } from '../store/page.ts';

/**
 * Where a page ended: the rank of its last hit (cost or probability), its time and its id; and the moment up to which
 * reads are compared, if newer events must not change the comparison.
 */
export type Place = Readonly<{ rank: number; at: string; id: string }>;

/** The place as an opaque text. */
export function encodePlace({ rank, at, id }: Place): string {
  return encodeCursor([rank, at, id]);
}

/** The place in a cursor; INPUT_INVALID for a cursor that no search returned. */
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
