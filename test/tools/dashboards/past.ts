import type { PlateEvent } from '../../../src/contract/plate-event.ts';
import type { Sql } from '../../../src/db/sql.ts';
import { refreshCameraDrift } from '../../../src/store/camera-drift.ts';
import { keepPassages } from '../../../src/store/passage-counts.ts';
import { writeEvents } from '../../../src/store/write-events.ts';
import { makeEvent } from '../../store/make-event.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CAMERAS = ['north', 'south'];

/** What the database would know of the two weeks before the test: reads, some of them corrected, and passages, some of them lost. */
export async function writePast(sql: Sql, now: number): Promise<void> {
  await writeEvents(sql, [...planEvents(now), ...planDrift(now)]);
  for (const age of [10, 9, 8, 7, 6, 5, 4, 3, 2, 0.1]) {
    const counted = (outcome: string, reason: string, total: number) =>
      CAMERAS.map((camera, at) => ({ camera, outcome, reason, light: at === 0 ? 'day' : 'night', total }));
    await keepPassages(sql, {
      siteId: 'home',
      run: `past-${age}`,
      at: new Date(now - age * DAY),
      counts: [...counted('read', '', 46), ...counted('lost', 'too_small', 4), ...counted('no_plate', '', 3)],
    });
  }
  await refreshCameraDrift(sql, now);
}

/** One read an hour of the camera in the north, and since yesterday five of them, of smaller characters. */
function planDrift(now: number): readonly PlateEvent[] {
  const see = (at: number, height: number) => {
    const event = makeEvent({ camera: 'north', at });
    return { ...event, plate: { ...event.plate, char_height_px: height } };
  };
  const before = Array.from({ length: 336 }, (_, nth) => see(now - DAY - (nth + 0.5) * HOUR, 20 + (nth % 7)));
  const newest = Array.from({ length: 120 }, (_, nth) => see(now - (nth + 0.5) * (HOUR / 5), 16 + (nth % 7)));
  return [...before, ...newest];
}

/** Each plate comes twice on every second day; every tenth read was corrected by a person. */
function planEvents(now: number): readonly PlateEvent[] {
  return Array.from({ length: 240 }, (_, at) => {
    const [day, nth] = [Math.floor(at / 20), at % 20];
    const event = makeEvent({
      text: `TS${10 + day + (nth % 8)}ABC`,
      camera: CAMERAS[nth % 2] ?? '',
      at: now - day * DAY - 2 * HOUR - nth * 600_000,
      confidence: 0.7 + 0.01 * nth,
      revision: nth % 10 === 0 ? 1_000_000 : 1,
      status: nth % 10 === 0 ? 'corrected' : 'final',
    });
    return nth % 10 === 0 ? { ...event, review: decided(event) } : event;
  });
}

function decided(event: PlateEvent): PlateEvent['review'] {
  return { by: 'ada', at: event.time.published, action: 'correct', text: event.plate.text_normalized, reason: '' };
}
