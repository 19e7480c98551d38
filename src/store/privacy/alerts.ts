import type { Alert } from '../../contract/alert.ts';
import type { Amount } from '../../contract/api/privacy.ts';
import type { Sql, SqlSession } from '../../db/sql.ts';
import { holdWriters } from '../alerts/write-alerts.ts';
import { HELD } from './holds.ts';

/** Ids of events and, in the words of people, plates. */
type Of = Readonly<{ ids: readonly string[]; plates: readonly string[] }>;

const SENT_OF = `(alert_id IN (SELECT alert_id FROM alerts WHERE event_id = ANY ($1::uuid[]))
  OR alert#>>'{passage,event_id}' = ANY ($1::uuid[]::text[]))`;

/** For how many days events with an alert are kept although others go. */
export async function keepHits(sql: Pick<Sql, 'query'>, days: number | null): Promise<void> {
  await sql.query('UPDATE hit_retention SET days = $1 WHERE days IS DISTINCT FROM $1', [days]);
}

/** Alerts, what was sent of them, passages that rules remember, and plates that were muted. */
export async function measureAlerts(sql: Sql): Promise<Amount> {
  const [row] = await sql.query<Amount>(
    `SELECT ((SELECT count(*) FROM alerts) + (SELECT count(*) FROM alert_deliveries)
         + (SELECT count(*) FROM alert_passages)
         + (SELECT count(*) FROM alert_mutes WHERE plate IS NOT NULL))::float8 AS count,
       (pg_total_relation_size('alerts') + pg_total_relation_size('alert_deliveries') + pg_total_relation_size('alert_mutes')
         + pg_total_relation_size('alert_passages'))::float8
         AS bytes`,
  );
  return row ?? { count: 0, bytes: 0 };
}

/** How much of that is about these events or plates. */
export async function countAlertsOf(sql: Sql, { ids, plates }: Of): Promise<Amount> {
  const [row] = await sql.query<Amount>(
    `SELECT count(*)::float8 AS count, coalesce(sum(octet_length(alert::text)), 0)::float8 AS bytes FROM (
       SELECT alert::text FROM alerts WHERE event_id = ANY ($1::uuid[])
       UNION ALL SELECT alert::text FROM alert_deliveries WHERE ${SENT_OF}
       UNION ALL SELECT text_normalized FROM alert_passages WHERE event_id = ANY ($1::uuid[])
       UNION ALL SELECT plate FROM alert_mutes WHERE plate = ANY ($2)
     ) AS found (alert)`,
    [ids, plates],
  );
  return row ?? { count: 0, bytes: 0 };
}

/** Removes that. An alert that is being written is waited for; one that comes later sees that its event was erased. */
export async function deleteAlertsOf(sql: Sql, of: Of): Promise<Amount> {
  const found = await countAlertsOf(sql, of);
  await holdWriters(sql, async (session) => {
    await session.query(`DELETE FROM alert_deliveries WHERE ${SENT_OF}`, [of.ids]);
    await session.query('DELETE FROM alerts WHERE event_id = ANY ($1::uuid[])', [of.ids]);
    await session.query('DELETE FROM alert_passages WHERE event_id = ANY ($1::uuid[])', [of.ids]);
    await session.query('DELETE FROM alert_mutes WHERE plate = ANY ($1)', [of.plates]);
  });
  return found;
}

const OLD = `happened_at < $1 AND (event_id IS NULL OR NOT ${HELD})`;

/** Alerts older than that, but for those of events that are kept. */
export async function countOldAlerts(sql: Sql, before: Date): Promise<Amount> {
  const [row] = await sql.query<Amount>(
    `SELECT count(*)::float8 AS count, coalesce(sum(octet_length(alert::text)), 0)::float8 AS bytes FROM alerts WHERE ${OLD}`,
    [before],
  );
  return row ?? { count: 0, bytes: 0 };
}

/** Removes these, and what was sent of alerts that are not there any more. */
export async function removeOldAlerts(sql: Pick<Sql, 'query'>, before: Date): Promise<void> {
  await sql.query(`DELETE FROM alerts WHERE ${OLD}`, [before]);
  await sql.query(
    `DELETE FROM alert_deliveries WHERE created_at < $1 AND state <> 'waiting'
       AND NOT EXISTS (SELECT FROM alerts WHERE alerts.alert_id = alert_deliveries.alert_id)`,
    [before],
  );
}

/** Alerts of events as they are now, in the order of the passages. */
export async function readAlertsOfEvents(sql: Pick<Sql, 'query'>, ids: readonly string[]): Promise<readonly Alert[]> {
  const rows = await sql.query<{ alert: Alert }>(
    'SELECT alert FROM alerts WHERE event_id = ANY ($1::uuid[]) ORDER BY happened_at, alert_id',
    [ids],
  );
  return rows.map(({ alert }) => alert);
}

const HIDDEN = `alert || jsonb_build_object('why', '',
    'passage', (alert->'passage') || jsonb_build_object('plate', fresh.text, 'text', fresh.text, 'pictures', NULL),
    'matched', (alert->'matched') || '{"wanted": null, "entry": null}')`;
const FRESH = 'unnest($1::uuid[], $2::text[]) AS fresh (id, text)';

/**
 * Puts pseudonyms in place of plates, in alerts and in what was sent of them; nothing else there says which plate it was. What the
 * other side answered may have repeated the message, and goes.
 */
export async function hideAlertPlates(
  session: Pick<SqlSession, 'query'>,
  hidden: readonly Readonly<{ id: string; text: string }>[],
): Promise<void> {
  const values = [hidden.map(({ id }) => id), hidden.map(({ text }) => text)];
  await session.query(
    `UPDATE alert_deliveries AS sent SET answer = NULL, alert = ${HIDDEN.replaceAll('alert', 'sent.alert')}
     FROM ${FRESH} JOIN alerts ON alerts.event_id = fresh.id WHERE sent.alert_id = alerts.alert_id`,
    values,
  );
  await session.query(
    `UPDATE alerts SET plate = fresh.text, alert = ${HIDDEN} FROM ${FRESH} WHERE alerts.event_id = fresh.id`,
    values,
  );
}
