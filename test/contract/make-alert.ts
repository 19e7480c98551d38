import type { Alert } from '../../src/contract/alert.ts';

/** A whole, valid alert of a passage; the rest is plain. */
export function makeAlert(wanted: Partial<Alert> = {}): Alert {
  return {
    schema_version: 1,
    alert_id: 'a1a1a1a1-1111-5111-8111-111111111111',
    revision: 1,
    status: 'raised',
    rule: { id: 'watch', name: 'Watch list', severity: 'warning', verify: false },
    at: '2026-11-21T10:00:01.250Z',
    why: 'AB12CDE is on the list watch',
    held_back: null,
    passage: {
      event_id: '01932d4e-5f60-7abc-8def-0123456789ab',
      revision: 2,
      status: 'final',
      detected_at: '2026-11-21T10:00:00.000Z',
      site_id: 'home',
      camera_id: 'gate',
      camera_name: 'Gate',
      direction: 'in',
      plate: 'AB12CDE',
      text: 'AB12 CDE',
      confidence: 0.97,
      region: 'GB',
      vehicle: null,
      pictures: { plate: 'a/plate.jpg', vehicle: 'a/vehicle.jpg', frame: 'a/frame.jpg' },
    },
    matched: {
      by: 'list',
      wanted: 'AB12CDE',
      p: 0.97,
      entry: { list: 'watch', text: 'AB12CDE', name: 'Van', note: '', group: '', tags: ['stolen'] },
    },
    system: null,
    ...wanted,
  };
}

/** The same of a camera that is down. */
export function makeSystemAlert(): Alert {
  const system = { what: 'camera_down', subject: 'gate', since: '2026-11-21T09:58:00.000Z', value: null } as const;
  return makeAlert({ passage: null, matched: null, system, why: 'No frames from gate' });
}
