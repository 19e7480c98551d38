import type { PlateEvent } from '../../contract/plate-event.ts';

/** A read in the list; `live` marks those that came over the stream. */
export type Read = Readonly<{ event: PlateEvent; live: boolean }>;

/** How many reads the list keeps; older ones can be requested again. */
export const KEPT = 400;

/**
 * Merges events into a newest-first list with one row for each event: a higher revision replaces it in place, a lower
 * or equal one is ignored.
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
