import type { Alert } from '../../src/contract/alert.ts';
import type { Sql } from '../../src/db/sql.ts';

/** Queues an alert for a channel, once for each revision. */
export async function queueAlert(sql: Sql, channel: string, alert: Alert): Promise<void> {
  await sql.query(
    `INSERT INTO alert_deliveries (idempotency_key, channel_id, alert_id, alert_revision, alert) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (idempotency_key) DO NOTHING`,
    [`${alert.alert_id}:${alert.revision}:${channel}`, channel, alert.alert_id, alert.revision, JSON.stringify(alert)],
  );
}
