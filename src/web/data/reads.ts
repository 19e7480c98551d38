import type { PlateEvent } from '../../contract/plate-event.ts';

/** A read in the list; `live` tells the ones that came over the stream from the ones fetched. */
export type Read = Readonly<{ event: PlateEvent; live: boolean }>;

/** How many reads the list keeps; older ones are one request away. */
const KEPT = 400;

/**
 * Puts events into a list that is newest first. One event has one row: a higher revision replaces it where it stands,
 * a lower or equal one is ignored.
 */
export function mergeReads(reads: readonly Read[], events: readonly PlateEvent[], live: boolean): readonly Read[] {
  const byId = new Map(reads.map((read) => [read.event.event_id, read]));
  for (const event of events) {
    const known = byId.get(event.event_id);
    if (known && known.event.revision >= event.revision) continue;
    byId.set(event.event_id, { event, live });
  }
  return [...byId.values()].sort(compareNewestFirst).slice(0, KEPT);
}

function compareNewestFirst(a: Read, b: Read): number {
  const [left, right] = [a.event, b.event];
  if (left.detected_at !== right.detected_at) return left.detected_at < right.detected_at ? 1 : -1;
  return left.event_id < right.event_id ? 1 : -1;
}
