import type { PlateEvent } from '../../src/contract/plate-event.ts';
import type { Sql } from '../../src/db/sql.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { insertAlert, makeAlert } from '../../test/store/make-alert.ts';
import { makeEvent } from '../../test/store/make-event.ts';

const PASSAGES = 40;
const STEP_MS = 1_800_000;

/** A place whose cameras, names and plates occur at no other place. */
export type Place = Readonly<{ site: string; camera: string; name: string; plates: string }>;

/** What happened at a place in the last hours, the newest half with alerts. */
export async function fillPlace(sql: Sql, place: Place): Promise<readonly PlateEvent[]> {
  const now = Date.now();
  const events = Array.from({ length: PASSAGES }, (_, index) => {
    // Some plates come again.
    const text = `${place.plates}${String(10 + (index % 25))}`;
    const event = makeEvent({
      text,
      camera: place.camera,
      at: now - index * STEP_MS,
      confidence: index % 3 ? 0.95 : 0.6,
    });
    return { ...event, site_id: place.site, camera_name: place.name };
  });
  await writeEvents(sql, events);
  for (const [index, event] of events.slice(0, PASSAGES / 2).entries()) {
    const alert_id = `01900000-0000-5000-8000-${event.event_id.slice(-8)}${String(1000 + index)}`;
    await insertAlert(sql, makeAlert({ alert_id, event }));
  }
  return events;
}

/** The words that tell of it. */
export function wordsOf(place: Place, events: readonly PlateEvent[]): readonly string[] {
  const seen = events.flatMap(({ event_id, plate }) => [event_id, plate.text_normalized]);
  return [...new Set([place.site, place.camera, place.name, ...seen])];
}
