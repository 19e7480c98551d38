import { randomUUID } from 'node:crypto';
import { type Alert, alertSchema } from '../../src/contract/alert.ts';

/** An alert of a plate on a list, with some fields changed. */
export function makeAlert(changes: Partial<Alert> = {}, plate = 'B1234AB'): Alert {
  return alertSchema.parse({
    schema_version: 1,
    alert_id: randomUUID(),
    revision: 1,
    status: 'raised',
    rule: { id: 'gate', name: 'Open the gate', severity: 'warning', verify: false },
    at: '2026-11-21T13:35:13.400Z',
    why: `${plate} is on the list staff`,
    held_back: null,
    passage: {
      event_id: '0199aa00-0000-7000-8000-000000000001',
      revision: 1,
      status: 'final',
      detected_at: '2026-11-21T13:35:12.000Z',
      site_id: 'home',
      camera_id: 'gate',
      camera_name: 'Main gate',
      direction: 'in',
      plate,
      text: plate,
      confidence: 0.97,
      region: 'de',
      vehicle: 'car',
      pictures: { plate: 'home/gate/plate.jpg', vehicle: 'home/gate/vehicle.jpg', frame: 'home/gate/frame.jpg' },
    },
    matched: {
      by: 'list',
      wanted: plate,
      p: 0.98,
      entry: {
        list: 'staff',
        text: plate,
        name: 'Ada <Lovelace>',
        note: 'Second "car"',
        group: 'Research',
        tags: ['vip'],
      },
    },
    system: null,
    ...changes,
  });
}

/** The next revision of an alert. */
export function reviseAlert(alert: Alert, status: 'corrected' | 'withdrawn'): Alert {
  return { ...alert, revision: alert.revision + 1, status };
}
