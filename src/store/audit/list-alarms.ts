import type { PlateCipher } from '../../audit/plate-cipher.ts';
import { AlprError } from '../../base/errors.ts';
import type { AuditAlarm, AuditAlarms } from '../../contract/api/audit.ts';
import type { Sql } from '../../db/sql.ts';
import { decodeCursor, encodeCursor } from '../page.ts';
import { readPlateTexts } from './plate-keys.ts';

type AlarmRow = Omit<AuditAlarm, 'plate' | 'last_number' | 'first_at' | 'last_at' | 'seen_at'> &
  Readonly<{ plate_key: string | null; last_number: string; first_at: Date; last_at: Date; seen_at: Date | null }>;

const COLUMNS = 'id, kind, who, plate_key, times, first_at, last_at, last_number, message, seen_at, seen_by, note';

type Choice = Readonly<{ state: 'open' | 'all'; limit: number; cursor?: string | undefined }>;

/** One page of alarms, those that happened last first. */
export async function listAlarms(sql: Sql, cipher: PlateCipher, choice: Choice): Promise<AuditAlarms> {
  const { state, limit, cursor } = choice;
  const [at, id] = cursor === undefined ? ['infinity', null] : decodeCursor(cursor, ['time', 'uuid']);
  const rows = await sql.query<AlarmRow>(
    `SELECT ${COLUMNS} FROM audit_alarms WHERE ($1 OR seen_at IS NULL)
       AND (date_trunc('milliseconds', last_at) < $2 OR date_trunc('milliseconds', last_at) = $2 AND id < $3)
     ORDER BY date_trunc('milliseconds', last_at) DESC, id DESC LIMIT $4`,
    [state === 'all', at, id, limit + 1],
  );
  const shown = await showAlarms(sql, cipher, rows.slice(0, limit));
  const last = shown.at(-1);
  const [open] = await sql.query<{ count: number }>('SELECT count(*)::int FROM audit_alarms WHERE seen_at IS NULL');
  return {
    alarms: shown,
    open: open?.count ?? 0,
    next: rows.length > limit && last ? encodeCursor([last.last_at, last.id]) : null,
  };
}

/** Notes that an auditor has seen an alarm; NOT_FOUND when there is none. Whoever was first stays. */
export async function settleAlarm(
  sql: Sql,
  cipher: PlateCipher,
  { id, by, note }: Readonly<{ id: string; by: string; note: string | undefined }>,
): Promise<AuditAlarm> {
  const rows = await sql.query<AlarmRow>(
    `UPDATE audit_alarms SET seen_at = coalesce(seen_at, now()), seen_by = coalesce(seen_by, $2), note = coalesce($3, note)
     WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, by, note ?? null],
  );
  const [alarm] = await showAlarms(sql, cipher, rows);
  if (!alarm) throw new AlprError('NOT_FOUND', `There is no alarm ${id}; /audit/alarms lists them`);
  return alarm;
}

async function showAlarms(sql: Sql, cipher: PlateCipher, rows: readonly AlarmRow[]): Promise<readonly AuditAlarm[]> {
  const samples = await readPlateTexts(
    sql,
    cipher,
    rows.flatMap(({ plate_key }) => plate_key ?? []),
  );
  return rows.map(({ plate_key, last_number, first_at, last_at, seen_at, ...row }) => ({
    ...row,
    plate: plate_key === null ? null : (samples.get(plate_key) ?? null),
    last_number: Number(last_number),
    first_at: first_at.toISOString(),
    last_at: last_at.toISOString(),
    seen_at: seen_at?.toISOString() ?? null,
  }));
}
