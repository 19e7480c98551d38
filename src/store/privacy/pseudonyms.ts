import { createHmac, randomBytes } from 'node:crypto';
import type { PlateEvent } from '../../contract/plate-event.ts';
import { allowManyCompressed } from '../../db/division.ts';
import type { Sql } from '../../db/sql.ts';
import { hideAlertPlates } from './alerts.ts';
import { HELD } from './holds.ts';

/** Begins every pseudonym, and no plate. */
const MARK = '~';
const DIGITS = 20;

/** The pseudonym of a plate under a key: the same for the same plate, and nothing says which plate that was. */
export function pseudonymOf(plate: string, key: Uint8Array): string {
  return MARK + createHmac('sha256', key).update(plate).digest('hex').slice(0, DIGITS).toUpperCase();
}

/** The key of a month, `2026-05-01`, made when it is first asked for; undefined when it was destroyed. */
export async function openMonthKey(sql: Sql, month: string): Promise<Uint8Array | undefined> {
  await sql.query('INSERT INTO pseudonym_keys (month, key) VALUES ($1::date, $2) ON CONFLICT DO NOTHING', [
    month,
    randomBytes(32),
  ]);
  const [row] = await sql.query<{ key: Buffer | null }>('SELECT key FROM pseudonym_keys WHERE month = $1::date', [
    month,
  ]);
  return row?.key ?? undefined;
}

/** Every key that is still there. */
export async function listMonthKeys(sql: Sql): Promise<readonly Uint8Array[]> {
  const rows = await sql.query<{ key: Buffer }>('SELECT key FROM pseudonym_keys WHERE key IS NOT NULL ORDER BY month');
  return rows.map(({ key }) => key);
}

/** Destroys the keys of months that were over before a moment; resolves to how many. The table is rewritten without them. */
export async function destroyMonthKeys(sql: Sql, before: Date): Promise<number> {
  const gone = await sql.query(
    `UPDATE pseudonym_keys SET key = NULL, destroyed_at = now()
     WHERE key IS NOT NULL AND month + interval '1 month' < $1 RETURNING 1`,
    [before],
  );
  if (gone.length > 0) await sql.query('VACUUM (FULL) pseudonym_keys');
  return gone.length;
}

/** The oldest events of a plate that no hold keeps, detected before a moment, whatever their time. */
export async function listPlain(
  sql: Sql,
  { before, limit }: Readonly<{ before: Date; limit: number }>,
): Promise<readonly PlateEvent[]> {
  const rows = await sql.query<{ event: PlateEvent }>(
    `SELECT event FROM plate_events WHERE detected_at < $1 AND text_normalized NOT LIKE '${MARK}%' AND NOT ${HELD}
     ORDER BY detected_at LIMIT $2`,
    [before, limit],
  );
  return rows.map(({ event }) => event);
}

/**
 * Writes events over the same revision of them, without other readings, and deletes their earlier revisions; resolves to those
 * that had no newer revision meanwhile.
 */
export function writePseudonyms(sql: Sql, events: readonly PlateEvent[]): Promise<readonly PlateEvent[]> {
  return sql.transaction(async (session) => {
    await allowManyCompressed(session);
    const rows = await session.query<{ event_id: string }>(
      `UPDATE plate_events AS stored SET text_normalized = fresh.text, candidates = '{}', doubt = NULL, shadow_pair = NULL,
         shadow_differs = NULL, shadow_confidence = NULL, event = fresh.event
       FROM unnest($1::uuid[], $2::timestamptz[], $3::int[], $4::text[], $5::json[]) AS fresh (id, at, revision, text, event)
       WHERE stored.event_id = fresh.id AND stored.detected_at = fresh.at AND stored.revision = fresh.revision
       RETURNING stored.event_id`,
      [
        events.map(({ event_id }) => event_id),
        events.map(({ detected_at }) => detected_at),
        events.map(({ revision }) => revision),
        events.map(({ plate }) => plate.text_normalized),
        events.map((event) => JSON.stringify(event)),
      ],
    );
    const written = new Set(rows.map(({ event_id }) => event_id));
    await session.query('DELETE FROM event_revisions WHERE event_id = ANY($1::uuid[])', [[...written]]);
    const hidden = events.filter(({ event_id }) => written.has(event_id.toLowerCase()));
    await hideAlertPlates(
      session,
      hidden.map(({ event_id: id, plate }) => ({ id, text: plate.text_normalized })),
    );
    return hidden;
  });
}
