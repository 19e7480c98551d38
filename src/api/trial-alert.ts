import { randomUUID } from 'node:crypto';
import type { Alert } from '../contract/alert.ts';
import { describePassage } from '../contract/alert-passage.ts';
import type { PlateEvent } from '../contract/plate-event.ts';

type Wanted = Readonly<{ name: string; why: string; event: PlateEvent | undefined; now?: Date; camera?: string }>;

/** An alert that no rule made: somebody tries a channel, or opens a gate by hand. Without an event its passage is made up. */
export function makeTrialAlert({ name, why, event, now = new Date(), camera = 'example' }: Wanted): Alert {
  const at = now.toISOString();
  return {
    schema_version: 1,
    alert_id: randomUUID(),
    revision: 1,
    status: 'raised',
    rule: { id: 'by-hand', name, severity: 'info', verify: false },
    at,
    why,
    held_back: null,
    passage: event ? describePassage(event) : inventPassage(at, camera),
    matched: null,
    system: null,
  };
}

function inventPassage(at: string, camera: string): NonNullable<Alert['passage']> {
  return {
    event_id: '01900000-0000-7000-8000-000000000000',
    revision: 1,
    status: 'final',
    detected_at: at,
    site_id: 'example',
    camera_id: camera,
    camera_name: camera,
    direction: null,
    plate: 'TEST123',
    text: 'TEST 123',
    confidence: 1,
    region: null,
    vehicle: null,
    pictures: null,
  };
}
