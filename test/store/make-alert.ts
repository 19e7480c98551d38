import type { Alert } from '../../src/contract/alert.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import type { Sql } from '../../src/db/sql.ts';

type Wanted = Readonly<{ alert_id: string; event: PlateEvent; rule?: string; severity?: Alert['rule']['severity'] }>;

/** An alert of one passage, found by an entry of a list. */
export function makeAlert({ alert_id, event, rule = 'watched', severity = 'warning' }: Wanted): Alert {
  const { plate } = event;
  return {
    schema_version: 1,
    alert_id,
    revision: 1,
    status: 'raised',
    rule: { id: rule, name: `Rule ${rule}`, severity, verify: false },
    at: event.detected_at,
    why: `${plate.text_normalized} is on the list Watched`,
    held_back: null,
    passage: {
      event_id: event.event_id,
      revision: event.revision,
      status: event.status,
      detected_at: event.detected_at,
      site_id: event.site_id,
      camera_id: event.camera_id,
      camera_name: event.camera_name,
      direction: null,
      plate: plate.text_normalized,
      text: plate.text_raw,
      confidence: plate.confidence,
      region: plate.region,
      vehicle: event.vehicle.type,
      pictures: null,
    },
    matched: {
      by: 'list',
      wanted: plate.text_normalized,
      p: plate.confidence,
      entry: { list: 'watched', text: plate.text_normalized, name: 'Blue van', note: '', group: '', tags: [] },
    },
    system: null,
  };
}

/** Puts an alert where the service keeps it. */
export async function insertAlert(sql: Sql, alert: Alert): Promise<void> {
  const { passage, rule } = alert;
  await sql.query(
    `INSERT INTO alerts (alert_id, revision, status, rule_id, severity, event_id, plate, site_id, camera_id, happened_at,
       raised_at, held_back, alert) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb)`,
    [
      alert.alert_id,
      alert.revision,
      alert.status,
      rule.id,
      rule.severity,
      passage?.event_id,
      passage?.plate,
      passage?.site_id,
      passage?.camera_id,
      passage?.detected_at ?? alert.at,
      alert.at,
      alert.held_back,
      JSON.stringify(alert),
    ],
  );
}
