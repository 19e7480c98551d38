import type { Amount, PlaceName } from '../contract/api/privacy.ts';
import type { PlateEvent } from '../contract/plate-event.ts';

/** Everything that is known of the passages of a plate, or of one event, before any of it is erased. */
export type Traces = Readonly<{
  /** Null for an event. */
  plate: string | null;
  ids: readonly string[];
  /** Texts of all revisions, as they are searched. */
  texts: readonly string[];
  /** Those, and as they were read: what bytes of a message may hold. */
  spellings: readonly string[];
  /** Keys of pictures, and the folders in which an event's pictures lie. */
  pictures: readonly string[];
  folders: readonly string[];
  rows: Amount;
  revisions: Amount;
  /** Events that were first read as this plate, and in the end as another. */
  correctedAway: number;
  firstSeen: string | undefined;
  lastSeen: string | undefined;
}>;

/** What retention would remove from a place, or has removed. */
export type Expired = Amount & Readonly<{ before: Date | undefined }>;

/**
 * A place where plates live. Inventory, retention, erasure and subject access all walk the same list of these. A place that
 * cannot do a thing itself says so, and until when what is in it stays.
 */
export interface Place {
  readonly name: PlaceName;
  /** What is counted there, such as `rows`. */
  readonly what: string;
  /** What nobody can remove there, or nobody can count. */
  readonly note?: string;
  /** Everything in it. */
  measure(): Promise<Amount>;
  /** What it has of a subject. */
  find(traces: Traces): Promise<Amount>;
  /** Removes that, and resolves to how much it was. Doing it again does no harm. */
  erase(traces: Traces): Promise<Amount>;
  /** Until when the place still has what was erased elsewhere; undefined where nothing stays. */
  staysUntil?(now: Date): Date | undefined;
  /** What retention removes now: only counted, or removed if this is the place that removes it. */
  expired?(now: Date): Promise<Expired>;
  /** What a person is told of a passage out of this place. */
  read?(event: PlateEvent): Promise<readonly Piece[]>;
}

/** A file for the answer to a person who asks what is kept. */
export type Piece = Readonly<{ name: string; bytes: Uint8Array }>;

export const NOTHING: Amount = { count: 0, bytes: 0 };

export function addAmounts(one: Amount, other: Amount): Amount {
  return { count: one.count + other.count, bytes: one.bytes + other.bytes };
}
