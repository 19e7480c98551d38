import type { PlateEvent } from '../../../src/contract/plate-event.ts';
import type { Sql } from '../../../src/db/sql.ts';
import { keepPassages } from '../../../src/store/passage-counts.ts';
import { writeEvents } from '../../../src/store/write-events.ts';
import { insertAlert, makeAlert } from '../make-alert.ts';
import { makeEvent } from '../make-event.ts';

type Seen = Readonly<{ text: string; camera: string; at: string; way?: 'in' | 'out'; more?: Partial<PlateEvent> }>;

const picture = { key: 'a.jpg', sha256: '0'.repeat(64), w: 1, h: 1 };
const images = { plate: picture, vehicle: picture, frame: picture };

/** A person's decision; the text of a person may look like one. */
function decided(action: 'correct' | 'reject', status: PlateEvent['status']): Partial<PlateEvent> {
  const at = '2026-03-29T12:00:00.000Z';
  const review = { by: '"action":"merge"', at, action, text: null, reason: 'seen' };
  return { revision: 1_000_000, status, review };
}

/**
 * What was read on the weekend when clocks went forward in Berlin (from UTC+1 to UTC+2), before and after it. The yard has lines at
 * its two cameras, the street has none.
 */
const SEEN: readonly Seen[] = [
  { text: 'BB2', camera: 'gate-in', at: '2025-12-01T09:00:00+01:00', way: 'in' },
  { text: 'EE5', camera: 'street', at: '2026-03-20T09:00:00+01:00' },
  { text: 'AA1', camera: 'gate-in', at: '2026-03-28T08:00:00+01:00', way: 'in', more: { images } },
  { text: 'AA1', camera: 'gate-out', at: '2026-03-28T08:30:00+01:00', way: 'out' },
  { text: 'BB2', camera: 'gate-in', at: '2026-03-28T09:00:00+01:00', way: 'in' },
  { text: 'DD4', camera: 'street', at: '2026-03-28T12:00:00+01:00' },
  { text: 'DD4', camera: 'street', at: '2026-03-28T12:45:00+01:00', more: decided('correct', 'corrected') },
  { text: 'BB2', camera: 'gate-out', at: '2026-03-29T09:00:00+02:00', way: 'out' },
  { text: 'AA1', camera: 'gate-in', at: '2026-03-29T10:00:00+02:00', way: 'in' },
  { text: 'CC3', camera: 'gate-in', at: '2026-03-29T11:00:00+02:00', way: 'in', more: decided('reject', 'retracted') },
  { text: 'EE5', camera: 'street', at: '2026-03-29T12:00:00+02:00', more: { images } },
  { text: 'GG7', camera: 'gate-in', at: '2026-03-29T15:00:00+02:00', way: 'in' },
  { text: 'GG7', camera: 'gate-in', at: '2026-03-29T16:00:00+02:00', way: 'in' },
  { text: 'FF6', camera: 'gate-in', at: '2026-03-30T00:30:00+02:00', way: 'in' },
  { text: 'AA1', camera: 'gate-out', at: '2026-03-31T10:00:00+02:00', way: 'out' },
];

/** Fills a database with what SEEN says, with passages, alerts and deliveries. */
export async function fillSeenDays(sql: Sql): Promise<void> {
  const events = SEEN.map(eventOf);
  await writeEvents(sql, events);
  const report = { siteId: 'yard', run: 'one' };
  const light = 'day';
  const count = (outcome: string, reason: string, total: number) => ({
    ...{ camera: 'gate-in', outcome, reason, light, total },
  });
  await keepPassages(sql, {
    ...report,
    at: new Date('2026-03-28T08:30:00+01:00'),
    counts: [count('read', '', 3), count('lost', 'blurred', 1), count('no_plate', '', 5)],
  });
  await keepPassages(sql, {
    ...report,
    at: new Date('2026-03-29T11:00:00+02:00'),
    counts: [
      count('read', '', 7),
      count('lost', 'blurred', 3),
      count('lost', 'too_small', 1),
      count('no_plate', '', 9),
    ],
  });
  await fillAlerts(sql, events);
}

async function fillAlerts(sql: Sql, events: readonly PlateEvent[]): Promise<void> {
  const idOf = (index: number) => `01900000-0000-5000-8000-00000000000${index}`;
  // Three of one rule at the gate, one of another in the street; was it right?
  const judged = [true, false, null, null];
  for (const [index, place] of [2, 4, 8, 10].entries()) {
    const event = events[place] as PlateEvent;
    const alert = makeAlert({ alert_id: idOf(index), event, rule: index < 3 ? 'watched' : 'vip' });
    await insertAlert(sql, alert);
    await sql.query('UPDATE alerts SET was_right = $2, status = $3, held_back = $4 WHERE alert_id = $1', [
      alert.alert_id,
      judged[index],
      index === 2 ? 'withdrawn' : 'raised',
      index === 3 ? 'cooldown' : null,
    ]);
  }
  await sql.query(
    `INSERT INTO alert_deliveries (idempotency_key, channel_id, alert_id, alert, state, attempts, created_at, ended_at)
     SELECT key, channel, alert::uuid, '{}', state, attempts, at::timestamptz, at::timestamptz + seconds * interval '1 second'
     FROM (VALUES
       ('1', 'mail', $1, 'sent', 1, '2026-03-28T08:00:01+01:00', 2),
       ('2', 'mail', $2, 'sent', 2, '2026-03-28T09:00:01+01:00', 4),
       ('3', 'mail', $1, 'dead', 5, '2026-03-29T08:00:01+02:00', 60),
       ('4', 'hook', $3, 'waiting', 0, '2026-03-29T23:59:59+02:00', NULL),
       ('5', 'hook', $3, 'sent', 1, '2026-03-30T00:00:00+02:00', 1)
     ) AS made (key, channel, alert, state, attempts, at, seconds)`,
    [idOf(0), idOf(1), idOf(3)],
  );
}

function eventOf({ text, camera, at, way, more }: Seen): PlateEvent {
  const event = makeEvent({ text, camera, at: Date.parse(at) });
  const { motion, plate, vehicle } = event;
  const isCar = text === 'AA1';
  return {
    ...event,
    site_id: camera === 'street' ? 'street' : 'yard',
    plate: { ...plate, region: isCar ? 'DE' : null },
    vehicle: { ...vehicle, type: isCar ? 'car' : null },
    motion: {
      ...motion,
      crossings: way === undefined ? null : [{ line: 'gate', direction: way, at: event.detected_at }],
    },
    ...more,
  };
}
